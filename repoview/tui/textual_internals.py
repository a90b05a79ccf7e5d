"""All uses of private names of Textual.

Textual may change such a name in any release. So each use is wrapped here, in a
function or mixin that says what it is for and what happens if the name is gone:
the explorer is then plainer or slower, but it runs. No other module uses a
private name of Textual, nor overrides one by accident; a test checks both.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast

from textual.app import App
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.scroll_view import ScrollView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from threading import Thread

    from rich.console import RenderableType
    from textual.css.stylesheet import Stylesheet
    from textual.driver import Driver
    from textual.drivers.web_driver import WebDriver
    from textual.message import Message
    from textual.strip import Strip

T = TypeVar("T")


# Messages and exceptions


class Dispatching(MessagePump):
    """A node that can reject messages and handle exceptions of its handlers.

    Textual has no public hook around the dispatch of one message, and exits for
    each exception. Without it all messages are accepted, and exceptions go to
    `Failing.failed`.
    """

    def accepts(self, message: Message) -> bool:
        """Return whether to dispatch a message at all."""
        del message
        return True

    def survives(self, error: Exception) -> bool:
        """Return whether an exception of a message handler has been handled."""
        del error
        return False

    async def _dispatch_message(self, message: Message) -> None:
        if not self.accepts(message):
            return
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not self.survives(error):
                raise


class Failing(App[None]):
    """An app with a hook for uncaught exceptions.

    They are raised by timers, workers, drawing and handlers; there is no public
    hook. Without it, Textual exits and prints its own traceback.
    """

    def failed(self, error: Exception, at: MessagePump) -> None:
        """Handle an uncaught exception.

        Args:
            error: What was raised.
            at: The app, screen or widget in whose code.
        """
        raise NotImplementedError

    def tell_test_run(self, fault: Exception) -> None:
        """Let `run_test` raise the first fault when the test exits the app.

        Without it, a test has to check `fault` itself.
        """
        if getattr(self, "_exception", fault) is None:
            self._exception = fault
            self._exception_event.set()

    def _handle_exception(self, error: Exception) -> None:
        self.failed(error, running_now(self))


def running_now(app: App[Any]) -> MessagePump:
    """Return the app, screen or widget whose code is running; without it, the app."""
    try:
        from textual._context import active_message_pump
    except ImportError:
        return app
    return active_message_pump.get(app)


def is_going(node: object) -> bool:
    """Whether a screen or widget is being removed.

    Publicly this is only known together with whether the node is displayed.
    Without it, the answer is no, and a query that comes too late raises.
    """
    return bool(getattr(node, "_closing", False) or getattr(node, "_pruning", False))


# Drawing


class Drawing(App[None]):
    """An app that can replace what is drawn.

    There is no public hook between a screen and the terminal. Without it
    (`can_hold_back` is False), Textual draws every update.
    """

    can_hold_back: ClassVar[bool] = hasattr(App, "_display")

    def piece(self, drawn: RenderableType | None) -> RenderableType | None:
        """Return what is drawn for an update of a screen, None for nothing."""
        return drawn

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, self.piece(renderable))


try:
    from textual._compositor import ChopsUpdate, Compositor
except ImportError:
    has_compositor = False
else:
    has_compositor = hasattr(Compositor, "_render_chops")

    class SparingCompositor(Compositor):
        """A compositor that fills only those cuts of its lines that are drawn.

        A cut is a part of a line between two edges of widgets. Those that are
        wanted are told by their line, each by the column where it begins.
        """

        def render_partial_update(self) -> ChopsUpdate | None:
            """Return what has to be drawn again; None for nothing."""
            dirty = self._dirty_regions.copy()
            self._dirty_regions.clear()
            spans = list(self._regions_to_spans(dirty))
            if not spans:
                return None
            cuts = self.cuts
            wanted: dict[int, set[int]] = {y: set() for y, _, _ in spans}
            for y, left, right in spans:
                wanted[y].update(
                    x for x, end in pairwise(cuts[y]) if x < right and end > left
                )
            return ChopsUpdate(self.filled(wanted), spans, [each[1:] for each in cuts])

        def _render_chops(
            self, crop: Region, is_rendered_line: Callable[[int], bool]
        ) -> Sequence[Mapping[int, Strip]]:
            wanted = {
                y: set(cuts[:-1])
                for y, cuts in enumerate(self.cuts)
                if crop.y <= y < crop.bottom and is_rendered_line(y)
            }
            return cast("Sequence[Mapping[int, Strip]]", self.filled(wanted))

        def filled(self, wanted: dict[int, set[int]]) -> list[dict[int, Strip | None]]:
            """Return all cuts of each line, with those filled that are wanted.

            Args:
                wanted: By line; those that have been filled are removed.
            """
            lines: list[dict[int, Strip | None]]
            lines = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
            # From front to back.
            for widget, (region, clip) in self.visible_widgets.items():
                shown = region.intersection(clip)
                first, last = shown.column_span
                for run in _runs(
                    y
                    for y in shown.line_range
                    if y in wanted and any(first <= x < last for x in wanted[y])
                ):
                    x, y = shown.x - region.x, run.start - region.y
                    asked = Region(x, y, shown.width, len(run))
                    for y, strip in zip(run, widget.render_lines(asked), strict=False):
                        edges = [x for x in self.cuts[y] if first <= x <= last]
                        parts = strip.divide([x - first for x in edges[1:]])
                        for x, part in zip(edges, parts, strict=False):
                            if x in wanted[y]:
                                wanted[y].discard(x)
                                lines[y][x] = part
            return lines


class Sparing(Screen[T]):
    """A screen that asks its widgets only for those lines that are drawn of them.

    Textual asks every widget for each of its lines, also for those that others
    cover or that have not changed. That is what happens without it
    (`has_compositor` is False): to draw a key's change takes a tenth longer at
    least, and twice as long where only a few lines change.

    The last of the bases: Textual takes the style sheet of the first.
    """

    def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 (as Textual has them)
        super().__init__(*args, **named)
        if has_compositor:
            self._compositor = SparingCompositor()


def _runs(numbers: Iterable[int]) -> Iterator[range]:
    """Yield ascending numbers as ranges without gaps."""
    start = end = -1
    for number in numbers:
        if number != end:
            if start < end:
                yield range(start, end)
            start = number
        end = number + 1
    if start < end:
        yield range(start, end)


class Scrolling(ScrollView):
    """A list that, when it scrolls, keeps the lines that only move.

    Textual renders all of them again, which is what happens without it: to draw a
    list that scrolled by one row takes more than twice as long.
    """

    @property
    def fixed_lines(self) -> int:
        """How many lines at the top do not scroll."""
        return 0

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the list again; lines that only move are not rendered again."""
        cache = getattr(self, "_styles_cache", None)
        lines: dict[int, Strip] = getattr(cache, "_cache", {})
        dirty: set[int] = getattr(cache, "_dirty_lines", set())
        by = round(new_value) - round(old_value)
        top = self.content_offset.y
        window = range(top + self.fixed_lines, top + self.size.height)
        moved = {
            y - by: lines[y]
            for y in window
            if y - by in window and y in lines and y not in dirty
        }
        super().watch_scroll_y(old_value, new_value)
        if by:
            lines.update(moved)
            dirty.difference_update(moved)


class Rendered(Sparing[None]):
    """A screen that is rendered only where the result is wanted.

    Textual renders a screen before its app can leave out what comes of it.
    Without it, the frames before the first one are rendered for nothing, which
    takes a tenth of the start.
    """

    @property
    def is_wanted(self) -> bool:
        """Whether a frame of it would be drawn."""
        return True

    def _compositor_refresh(self) -> None:
        if self.is_wanted:
            super()._compositor_refresh()
        else:
            # The first frame draws every widget.
            self._dirty_widgets.clear()


def is_whole(drawn: RenderableType | None) -> bool:
    """Whether an update draws the whole screen; without it, the answer is no.

    Then the first frame is rendered twice.
    """
    try:
        from textual._compositor import LayoutUpdate
    except ImportError:
        return False
    return isinstance(drawn, LayoutUpdate)


def whole_screen(app: App[Any]) -> RenderableType | None:
    """Return the whole screen, with the screens below a transparent one.

    The public way only schedules a refresh, which is what happens without it;
    the result is None then.
    """
    compositor = getattr(app.screen, "_compositor", None)
    if compositor is None:
        app.screen.refresh()
        return None
    behind = getattr(app, "_background_screens", None)
    drawn: RenderableType = compositor.render_update(full=True, screen_stack=behind)
    return drawn


def cache_style_sheets(sheet: Stylesheet, most: int) -> None:
    """Let a style sheet cache that many parsed sources, in place of Textual's 64.

    There are more widgets than that. Without it, they are parsed again for
    each screen that is opened, which takes longer than the rest of opening it.
    """
    cache = getattr(sheet, "_parse_cache", None)
    if cache is not None:
        cache.grow(most)


# Keys


class KeyParser(Protocol):
    """An incremental parser of a terminal's input: keys and mouse events."""

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the messages that are complete; "" is the end of the input."""

    def tick(self) -> Iterable[Message]:
        """Yield a lone Esc, once its timeout has passed."""


def keys_set(app: App[Any]) -> Mapping[str, str]:
    """Return the keymap: the keys set in place of the defaults, by binding.

    `App.set_keymap` normalizes keys, and nothing public returns the result.
    Without it, help shows the default keys.
    """
    found: Mapping[str, str] = getattr(app, "_keymap", {})
    return found


def key_parser(*, debug: bool) -> KeyParser | None:
    """Return Textual's parser of a terminal's input.

    It has no public name. Without it, None: Textual's own input thread is used.

    Args:
        debug: Whether to log all input.
    """
    try:
        from textual._xterm_parser import XTermParser
    except ImportError:
        return None
    return XTermParser(debug)


# The terminal


def write_to_terminal(app: App[Any], sequence: str) -> None:
    """Write a control sequence between two frames; without it, do nothing."""
    driver: Driver | None = getattr(app, "_driver", None)
    if driver is not None:
        driver.write(sequence)


def wrap_output(driver: Driver, wrap: Callable[[Any], Any]) -> None:
    """Wrap the file that a driver writes to.

    Drivers take no file as an argument. Without it, the driver's writer thread
    ends when the terminal is closed, and the next write blocks.

    Args:
        driver: One that has not written yet.
        wrap: Takes the file and returns its wrapper.
    """
    file = getattr(driver, "_file", None)
    if file is not None:
        driver._file = wrap(file)  # type: ignore[attr-defined]  # noqa: SLF001 (see above)


def restarts_itself(driver: Driver) -> bool:
    """Whether a driver sets up the terminal again when the process continues.

    It does not while another program uses the terminal; that is not public.
    Without it, the answer is yes.
    """
    return bool(getattr(driver, "_auto_restart", True))


def wait_for_keys(driver: WebDriver) -> None:
    """Wait for the thread in which a driver of pages reads keys, once it was ended.

    Without it, the next app of the process may lose a key.
    """
    thread: Thread | None = getattr(driver, "_key_thread", None)
    if thread is not None and thread.is_alive():
        thread.join(1.0)
