// Opening an incident by hand: a phone call, a glance at a camera. The draft is kept until it has been taken.

import { byId, h, setAttr, uuid } from "./dom.js";
import { openByHand, why } from "./commands.js";
import { onMapClick } from "./map.js";
import { model, on, select } from "./model.js";
import { close, open } from "./sheets.js";
import { toast } from "./toast.js";
import { textField } from "./text.js";
import { t } from "./words.js";

const DRAFT = "by hand";
// As `stream/judge.py` HAND_KINDS: these know their usual priority.
const KINDS = [
  "fire_smoke",
  "assault",
  "collision",
  "sos",
  "fall",
  "missing_person",
  "self_harm",
  "welfare_urgent",
  "obstruction",
  "illegal_parking",
  "crowd",
  "loitering",
  "other",
];
let place = null;

/** The form; a click on the map while it is open sets the place. */
export function askByHand() {
  if (model.past !== null) return;
  const id = uuid();
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) || "{}");
  const kind = h(
    "select",
    { "aria-label": t("byhand.kind") },
    KINDS.map((k) => h("option", { value: k, selected: k === draft.kind }, t(`kind.${k}`))),
  );
  const subject = h("input", {
    type: "text",
    maxlength: 80,
    placeholder: t("byhand.subject"),
    "aria-label": t("byhand.subject"),
    value: draft.subject || "",
  });
  const [text, long] = textField(t("byhand.text"), 4, draft.text || "");
  const where = h("p", { class: "hint" }, t("byhand.place"));
  const put = (at) => {
    place = at || null;
    if (place) where.textContent = t("byhand.placed", { lat: place.lat.toFixed(5), lon: place.lon.toFixed(5) });
  };
  const keep = () =>
    sessionStorage.setItem(DRAFT, JSON.stringify({ kind: kind.value, subject: subject.value, text: text.value, place }));
  put(draft.place);
  onMapClick(({ lon, lat, outside }) => {
    if (outside) return toast(t("byhand.outside"), "bad"); // the place that was set stays
    put({ lon, lat });
    keep();
  });
  const file = async (e) => {
    e.preventDefault();
    const body = { id, kind: kind.value };
    if (subject.value.trim()) body.subject = subject.value.trim();
    if (text.value.trim()) body.text = text.value.trim();
    if (place) body.place = place;
    const answer = await openByHand(body);
    if (!answer.incident) return toast(why(answer.problem), "bad");
    sessionStorage.removeItem(DRAFT);
    onMapClick(null);
    close();
    const seen = () => model.incidents.has(answer.incident.id) && (select(answer.incident.id), true);
    if (!seen()) wanted = answer.incident.id;
  };
  open(
    t("byhand.title"),
    h(
      "form",
      { onsubmit: file, oninput: keep },
      kind,
      subject,
      where,
      text,
      long,
      h(
        "div",
        { class: "sheet-acts" },
        h("button", { type: "submit", class: "primary" }, t("byhand.open")),
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              onMapClick(null);
              close();
            },
          },
          t("sheet.cancel"),
          h("kbd", {}, "Esc"),
        ),
      ),
    ),
  );
}

let wanted = null; // opened here, its delta not yet here: select it when it comes

export function start() {
  const button = byId("by-hand");
  if (button) {
    button.addEventListener("click", askByHand);
    on("reset", () => setAttr(button, "disabled", model.past !== null));
  }
  on("fresh", (views) => {
    if (wanted && views.some((v) => v.id === wanted)) {
      const id = wanted;
      wanted = null;
      select(id);
    }
  });
}
