"""Building blocks carry keys, not words."""

from __future__ import annotations

from dash import html

from console import parts


def props(part):
    return part.to_plotly_json()["props"]


def test_a_word_names_its_key_and_leaves_the_text_to_the_browser():
    made = parts.word("bar.city", html.H1, className="big")
    assert isinstance(made, html.H1)
    assert props(made) == {"children": None, "className": "big", "data-word": "bar.city"}


def test_a_button_is_a_push_button_with_its_icon_before_its_word():
    made = parts.button("go", "verb.assign", icon_name="user")
    first, second = made.children
    assert props(made)["type"] == "button"
    assert props(first)["data-icon"] == "user"
    assert props(second)["data-word"] == "verb.assign"


def test_a_page_says_whether_it_holds_a_socket():
    assert props(parts.page("x", live=True))["data-live"] == "1"
    assert props(parts.page("x"))["data-live"] == ""


def test_a_page_without_the_queue_keeps_room_for_what_calls():
    held = [[part.id for part in made.children if getattr(part, "id", "") == "alert"]
            for made in (parts.page("x", office=True), parts.page("x"))]
    assert held == [["alert"], []]


def test_a_table_has_a_column_a_key_and_a_body_to_fill():
    made = parts.table("people", ("admin.user", "admin.role"))
    table = made.children
    head, body = table.children
    assert [props(cell)["data-word"] for cell in head.children.children] == ["admin.user", "admin.role"]
    assert body.id == "people-rows"
