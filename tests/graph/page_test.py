"""The page in a real browser: it loads without an error, works by keyboard, has light and dark colours, and shows
hostile names as text. How long it takes to paint and to filter is printed; no case depends on it.

usage: page_test.py CHROMIUM DIRECTORY, which holds 3.html, 12.html and 60.html, and change.html of two revisions
"""

import os
import sys

from browser import Browser

MOST_BYTES = 3_000_000
HOSTILE = "<img src=x onerror=alert(1)><script>alert(1)</script>"

# Milliseconds from each change of the filter to the frame that shows it.
WATCH = """
window.waits = [];
document.getElementById("filter").addEventListener("input", () => {
  const begin = performance.now();
  requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - begin)));
}, {capture: true});
"""
PANEL = "document.getElementById('panel').innerText"
FOCUS = "document.activeElement.id || document.activeElement.localName"


class Page:
    def __init__(self, browser, path):
        self.browser, self.path = browser, path
        self.seconds = browser.open(path)

    def value(self, expression):
        return self.browser.evaluate(expression)

    def type(self, text):
        for letter in text:
            self.browser.press(letter, letter)
            self.value("new Promise(done => requestAnimationFrame(() => setTimeout(done, 1)))")

    def good(self):
        problems = self.browser.problems()
        assert not problems, problems


def loads(page):
    print(f"{os.path.basename(page.path)}: painted after {page.seconds:.2f} s")
    assert os.path.getsize(page.path) < MOST_BYTES, os.path.getsize(page.path)
    page.good()


def filters(page):
    page.value(WATCH)
    page.browser.press("/", "/")
    assert page.value(FOCUS) == "filter", page.value(FOCUS)
    page.type("orders-1")
    waits = sorted(page.value("window.waits"))
    assert len(waits) == 8, waits
    median = waits[len(waits) // 2]
    print(f"{os.path.basename(page.path)}: a key is seen after {median:.0f} ms, the median of {len(waits)}")
    assert " found" in page.value("document.getElementById('found').textContent")
    page.browser.press("Escape")
    assert page.value("document.getElementById('filter').value") == ""
    assert page.value("document.getElementById('found').textContent") == ""
    page.good()


def matrix_by_keyboard(page):
    page.value("document.getElementById('show-matrix').focus()")
    page.browser.press("Enter", "\r")
    assert page.value("document.getElementById('show-matrix').getAttribute('aria-pressed')") == "true"
    assert page.value("document.querySelectorAll('#matrix tbody td[tabindex=\"0\"]').length") == 1
    page.value("document.querySelector('#matrix tbody td[tabindex=\"0\"]').focus()")
    page.browser.press("Enter", "\r")
    assert page.value(PANEL).startswith("Cluster "), page.value(PANEL)  # on the diagonal
    page.browser.press("ArrowRight")
    page.browser.press("ArrowDown")
    page.browser.press("End")
    assert page.value("document.activeElement.closest('tr').rowIndex") == 3  # two of headings, and the second row
    page.browser.press("Enter", "\r")
    assert " calls " in page.value(PANEL), page.value(PANEL)
    page.browser.press("Escape")
    assert page.value(PANEL).startswith("Select "), page.value(PANEL)
    page.good()


def folds(page):
    page.value("document.getElementById('show-matrix').click()")
    rows = "document.querySelectorAll('#matrix tbody tr').length"
    before = page.value(rows)
    page.value("document.querySelector('#matrix tbody .fold').focus()")
    page.browser.press("Enter", "\r")
    after = page.value(rows)
    assert after < before, (before, after)
    page.value("document.querySelector('#matrix tbody .fold').click()")
    assert page.value(rows) == before
    page.good()


def hosts_and_links(page):
    page.value("document.getElementById('show-hosts').click()")
    assert page.value("document.querySelectorAll('#hosts tbody tr').length") > 0
    page.value("document.querySelector('#hosts .link').click()")
    assert page.value(PANEL).startswith("Host "), page.value(PANEL)
    page.value("document.querySelector('#panel .link').click()")
    assert page.value(PANEL).startswith("Cluster "), page.value(PANEL)
    assert page.value("location.hash").startswith("#cluster")
    page.good()


def diagram_by_keyboard(page):
    assert page.value("document.querySelectorAll('#diagram .card[tabindex=\"0\"]').length") > 1
    page.value("document.querySelector('#diagram .card').focus()")
    page.browser.press("Enter", "\r")
    assert page.value(PANEL).startswith("Cluster "), page.value(PANEL)
    assert page.value("document.querySelectorAll('#diagram .selected').length") == 1
    page.browser.press("Escape")
    page.browser.press("/", "/")
    page.type("zzz")
    assert page.value("document.querySelectorAll('#diagram .card:not(.off)').length") == 0
    page.browser.press("Escape")
    assert page.value("document.querySelectorAll('#diagram .off').length") == 0
    page.good()


def colours(page):
    seen = set()
    for scheme in ("light", "dark"):
        page.browser.colours(scheme)
        seen.add(page.value("getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color"))
    page.browser.colours("light")
    assert len(seen) == 2, seen


def changes(page):
    assert page.value("document.querySelectorAll('#diagram .add').length") > 0
    page.value("document.getElementById('changes').click()")
    assert page.value("document.querySelectorAll('#diagram .off').length") > 0
    page.value("document.getElementById('show-matrix').click()")
    assert page.value("document.querySelectorAll('#matrix td.add').length") > 0
    page.good()


def hostile(page):
    assert page.value("document.querySelectorAll('img').length") == 0
    page.value("document.getElementById('show-hosts').click()")
    assert HOSTILE in page.value("document.getElementById('hosts').innerText")
    page.value("[...document.querySelectorAll('#hosts .link')].find(link => link.textContent.includes('<')).click()")
    assert HOSTILE in page.value(PANEL)
    page.good()


def injected(page):
    """Even what an error of ours would let into the document does not run."""
    page.value("document.getElementById('panel').innerHTML = '<img src=\"data:,\" onerror=\"window.ran = 1\">'")
    page.value("new Promise(done => setTimeout(done, 50))")
    assert page.value("window.ran") is None
    assert any("Content Security Policy" in problem for problem in page.browser.problems())


CASES = [("3.html", [loads, matrix_by_keyboard, diagram_by_keyboard, hosts_and_links, colours]),
         ("12.html", [loads, diagram_by_keyboard, folds]),
         ("60.html", [loads, filters, matrix_by_keyboard, folds, hosts_and_links, colours]),
         ("change.html", [loads, changes]), ("hostile.html", [loads, hostile, injected])]


def write_hostile(directory):
    """The page of three clusters, with a host whose name would be a script if names were not text."""
    with open(os.path.join(directory, "3.html"), encoding="utf-8") as file:
        text = file.read()
    name = '"name":"orders.mesh.global"'
    assert text.count(name) == 1
    harmless = HOSTILE.replace("<", "\\u003c").replace(">", "\\u003e")
    with open(os.path.join(directory, "hostile.html"), "w", encoding="utf-8") as file:
        file.write(text.replace(name, f'"name":"{harmless}"'))


def main():
    program, directory = sys.argv[1:]
    write_hostile(directory)
    passed = failed = 0
    with Browser(program) as browser:
        for name, checks in CASES:
            for check in checks:
                try:
                    check(Page(browser, os.path.join(directory, name)))
                    passed += 1
                except (AssertionError, RuntimeError) as error:
                    failed += 1
                    print(f"{name}, {check.__name__}: {error}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
