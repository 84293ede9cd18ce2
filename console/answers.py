"""How errors leave the house: problem details for programs, a short page for people, a fault for ourselves."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import structlog
from dash.exceptions import CallbackException, DependencyException
from flask import Flask, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from console import words
from console.access import seat
from console.house import House
from console.matrix import Matrix
from console.problems import CODES, Problem
from console.refusals import Refusals
from stream.schema import Draft

LOG = structlog.get_logger("console")


def is_page(matrix: Matrix) -> bool:
    """Whether a person's browser asks for one of our pages."""
    wants = request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"
    ours = matrix.page(request.path) is not None
    return request.method == "GET" and (ours or (wants and not request.path.startswith("/api/")))


def page(problem: Problem, matrix: Matrix) -> Response:
    """The problem as a page; nobody signed in is led to the login and back."""
    who = seat()
    if problem.status == 401:
        asked = request.full_path.rstrip("?")
        return make_response(redirect(f"/login?next={quote(asked)}" if asked != "/" else "/login?next=/"))
    key = {403: "page.forbidden", 404: "page.missing"}.get(problem.status)
    body = problem.body(who.lang)
    home = matrix.home_of(who.role, who.scope) if who.role in matrix.home else "/login"
    text = render_template("problem.html", lang=who.lang, title=words.say(who.lang, key) if key else body["title"],
                                  text=body["title"], home=home, go=words.say(who.lang, "page.home"))
    return make_response(text, problem.status)


def install(app: Flask, house: House, matrix: Matrix, refusals: Refusals) -> None:
    """Answer every error of the app."""

    def answer(problem: Problem) -> Response:
        if problem.status in (401, 403) and request.path not in ("/login", "/api/v1/login"):
            rule = request.url_rule.rule if request.url_rule else "?"
            if seat().known or problem.status == 403:
                refusals.hear(seat(), request.remote_addr or "", f"{request.method} {rule}", problem.code)
        made = page(problem, matrix) if is_page(matrix) else problem.response(seat().lang)
        for name, value in problem.headers.items():
            made.headers[name] = value
        return made

    app.register_error_handler(Problem, answer)
    app.register_error_handler(DependencyException, lambda error: answer(Problem(404)))
    app.register_error_handler(CallbackException, lambda error: answer(Problem(400)))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        headers = {name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")}
        return answer(Problem(error.code, CODES.get(error.code, "fault"), headers=headers))

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        rule = request.url_rule.rule if request.url_rule else "?"
        LOG.exception("console.fault", route=rule, error=type(error).__name__)
        body = {"code": "console", "detail": f"{type(error).__name__} {rule}"}
        house.note([Draft("fault.noted", "console", house.clock.now(), body)])
        return answer(Problem(500))
