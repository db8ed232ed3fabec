"""The page: whole in itself, safe from what students write, readable by everyone and on every screen."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, SubmittedAssignment
from playwright.sync_api import sync_playwright

from helpers.grading.report.page import render
from helpers.grading.report.results import read_results
from tests.conftest import ROOT, Person
from tests.grading.report.conftest import course_in
from tests.grading.report.quiz import ODD_NAME

WRITTEN = datetime(2027, 2, 3, 14, 5, tzinfo=UTC)


class Parsed(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def page(quiz: Path) -> str:
    """The report on the quiz, with one student on the class list who handed in nothing."""
    with Gradebook(f"sqlite:///{quiz / 'gradebook.db'}", "concurrency") as gradebook:
        gradebook.add_student('<i id="hal">')
    return render(read_results(course_in(quiz), "quiz"), WRITTEN)


def test_it_holds_no_scripts_and_needs_nothing_else(page: str) -> None:
    parsed = Parsed(page)
    assert not {"script", "link", "iframe", "img", "object"} & {tag for tag, _ in parsed.tags}
    for _, attributes in parsed.tags:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in page
    assert "@import" not in page


def test_what_students_write_is_shown_and_never_obeyed(page: str) -> None:
    parsed = Parsed(page)
    assert "ValueError: <script>alert(1)</script> & 名前" in parsed.text
    assert '<i id="hal">' in parsed.text
    assert not {"b", "i"} & {tag for tag, _ in parsed.tags}
    assert "\x1b" not in page


def test_every_number_of_the_summary_is_there(page: str) -> None:
    text = " ".join(Parsed(page).text.split())
    for words in (
        "How quiz went",
        "Course concurrency; written on 3 February 2027, 14:05 UTC.",
        "graded submissions5",
        "on the class list6",
        "did not hand in1",
        "late0",
        "need a person1",
        "The median is 4, the mean 3.6 of 14 points.",
        "zebra 20 % (1 of 5)",
        "zebra-small, zebra-large; and 3 similar sentences",
        "1 to be graded by a person",
    ):
        assert words.replace(" ", "") in text.replace(" ", ""), words


def test_tables_have_headers_and_pictures_a_text(page: str) -> None:
    parsed = Parsed(page)
    heads = [attributes.get("scope") for tag, attributes in parsed.tags if tag == "th"]
    assert set(heads) == {"col", "row"}
    pictures = [attributes for tag, attributes in parsed.tags if tag == "svg"]
    assert len(pictures) == 1
    assert pictures[0]["role"] == "img"
    assert f'id="{pictures[0]["aria-labelledby"]}"' in page
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in parsed.tags:
        if target := attributes.get("aria-labelledby") or (attributes.get("href") or "").lstrip("#"):
            assert target in ids


def test_bars_are_as_high_as_their_counts(page: str) -> None:
    bars = [attributes for tag, attributes in Parsed(page).tags if tag == "rect"]
    assert [float(bar["height"] or 0) for bar in bars] == [140, 140, 70]


def test_colours_have_contrast_in_both_themes(page: str) -> None:
    """The ratios of WCAG 2.2: 4.5 for text, 3 for shapes."""
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", page, re.DOTALL)
    )
    for theme in (light, dark):
        for ink, paper, least in (
            ("ink", "page", 4.5),
            ("ink", "card", 4.5),
            ("soft", "page", 4.5),
            ("soft", "card", 4.5),
            ("bar", "page", 3),
            ("bar", "rest", 3),
        ):
            assert contrast(theme[ink], theme[paper]) >= least, (ink, paper)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, "contrast ratio")."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_nothing_is_cut_off_on_a_phone(page: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 320, "height": 640})
        tab.on("console", lambda message: said.append(message.text))
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") == 320
        assert tab.evaluate("[...document.querySelectorAll('td, th')].every(e => e.scrollWidth <= e.clientWidth)")
        assert tab.locator("text=<script>alert(1)</script>").is_visible()
        browser.close()
    assert said == []


def test_there_is_a_page_for_a_class_that_handed_in_nothing(generated_quiz: Person) -> None:
    text = Parsed(render(read_results(course_in(generated_quiz.folder), "quiz"), WRITTEN)).text
    assert "Nothing was graded so far." in text
    assert "not graded" in text


def test_there_is_a_page_for_an_assignment_without_points(quiz: Path) -> None:
    with Gradebook(f"sqlite:///{quiz / 'gradebook.db'}", "concurrency") as gradebook:
        reading = gradebook.add_assignment("reading")
        gradebook.db.add(SubmittedAssignment(assignment_id=reading.id, student_id="ada"))
        gradebook.db.commit()
    text = Parsed(render(read_results(course_in(quiz), "reading"), WRITTEN)).text
    assert "No points are to be had in this assignment." in text
    assert "No cell of this assignment is graded." in text


def report(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "helpers.grading.command", "report", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_the_page(quiz: Path) -> None:
    done = report(quiz, "quiz")
    assert (done.returncode, done.stdout) == (0, "5 graded submissions to quiz: see report.html\n"), done.stderr
    assert "How" in (quiz / "report.html").read_text(encoding="utf-8")
    assert ODD_NAME.split()[0] not in done.stderr


def test_the_command_says_what_is_wrong(quiz: Path) -> None:
    unknown = report(quiz, "quizz", "--output", "other.html")
    assert unknown.returncode == 1
    assert unknown.stderr == "Error: There is no assignment 'quizz', but there is 'quiz'.\n"
    unwritable = report(quiz, "quiz", "--output", "missing/report.html")
    assert unwritable.returncode == 1
    assert "cannot be written to missing/report.html: No such file or directory" in unwritable.stderr
    assert not (quiz / "other.html").exists()
