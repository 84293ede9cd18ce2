"""The pages, in the order of the menu: an explicit tuple, nothing is found by walking folders.

A page is a module with

    NAMES                        its rows of [pages] in `console/matrix.toml`: paths and roles stand there
    layout(seat, name, **parts)  the frame only: no words (`data-word` names the catalogue key), no incident
    bind(app, house)             its callbacks, if it has any

`DASH` is what `dash.Dash` must be told so that the files of `assets/` load as meant: the folders of JavaScript
modules are imported by `gwanje.mjs` and must not be put on the page a second time as plain scripts.
"""

from console.pages import (
    admin,
    audit,
    devices,
    incident,
    kpi,
    liaison,
    operator,
    quarantine,
    replay,
    rules,
    school,
    wall,
)

PAGES = (operator, wall, replay, kpi, devices, quarantine, rules, incident, liaison, school, admin, audit)

DASH = {"assets_path_ignore": ["^live$", "^rooms$", "^vendor$"]}
