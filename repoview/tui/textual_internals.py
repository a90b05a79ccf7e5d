"""Every use of a name that Textual keeps to itself.

Textual may drop or change such a name in any release. So each use stands here,
as a function or a mixin that says what it is for and what happens without it:
the explorer is then plainer or slower, but it runs. No other module of the
explorer uses a private name of Textual, nor gives a name of its own to what
has one in Textual already; a test looks for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from textual.app import App
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.console import RenderableType
    from textual.css.stylesheet import Stylesheet
    from textual.driver import Driver
    from textual.message import Message
    from textual.screen import Screen


# Messages, and what becomes of exceptions


class Dispatching(MessagePump):
    """Decides what is dispatched to it, and what of its exceptions is harmless.

    Textual has no public hook around the dispatch of one message, and ends the
    program for each exception. Without it everything is heard, and exceptions
    come to `Failing.failed`.
    """

    def hears(self, message: Message) -> bool:
        """Whether a message is dispatched at all."""
        del message
        return True

    def survives(self, error: Exception) -> bool:
        """Whether an exception that a message caused needs no more attention."""
        del error
        return False

    async def _dispatch_message(self, message: Message) -> None:
        if not self.hears(message):
            return
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not self.survives(error):
                raise


class Failing(App[None]):
    """Is told of every exception that nobody caught, instead of a traceback.

    They come out of timers, workers, drawing and handlers; there is no public
    hook. Without it, Textual ends the app and prints its own traceback.
    """

    def failed(self, error: Exception, at: MessagePump) -> None:
        """Do something about an exception.

        Args:
            error: What was raised.
            at: The app, screen or widget in whose code.
        """
        raise NotImplementedError

    def tell_test_run(self, fault: Exception) -> None:
        """Have `run_test` raise the first fault when the test leaves the app.

        Without it, a test has to look at what the app itself remembers.
        """
        if getattr(self, "_exception", fault) is None:
            self._exception = fault
            self._exception_event.set()

    def _handle_exception(self, error: Exception) -> None:
        self.failed(error, running_now(self))


def running_now(app: App[Any]) -> MessagePump:
    """Return the app, screen or widget whose code runs; without it, the app."""
    try:
        from textual._context import active_message_pump
    except ImportError:
        return app
    return active_message_pump.get(app)


def is_going(node: object) -> bool:
    """Whether a screen or widget is being taken out.

    Textual tells it only together with whether the node is displayed. Without
    it, nothing is going: who asks too late what is in a widget is told so.
    """
    return bool(getattr(node, "_closing", False) or getattr(node, "_pruning", False))


# Drawing


class Drawing(App[None]):
    """Has a say in each piece that is drawn.

    There is no public hook between a screen and the terminal. Without it
    (`can_hold_back` tells), Textual draws each piece as it comes.
    """

    can_hold_back: ClassVar[bool] = hasattr(App, "_display")

    def piece(self, drawn: RenderableType | None) -> RenderableType | None:
        """Return what is drawn for a piece of a screen, None for nothing."""
        return drawn

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, self.piece(renderable))


def whole_screen(app: App[Any]) -> RenderableType | None:
    """Return all that is on the screen, with what shines through from below.

    What is public draws only later. Without it, None: the screen is asked to
    draw itself, which it does when nothing else is to be done.
    """
    compositor = getattr(app.screen, "_compositor", None)
    if compositor is None:
        app.screen.refresh()
        return None
    behind = getattr(app, "_background_screens", None)
    drawn: RenderableType = compositor.render_update(full=True, screen_stack=behind)
    return drawn


def cache_style_sheets(sheet: Stylesheet, most: int) -> None:
    """Let a style sheet keep that many parsed sources: Textual keeps 64.

    There are more widgets than that. Without it, they are parsed again for
    each screen that is opened, which takes longer than the rest of opening it.
    """
    cache = getattr(sheet, "_parse_cache", None)
    if cache is not None:
        cache.grow(most)


# Keys


class KeyParser(Protocol):
    """Makes keys and mouse events of a terminal's sequences."""

    def feed(self, data: str) -> Iterable[Message]:
        """Give what is whole by now; "" is the end, and there is no more then."""

    def tick(self) -> Iterable[Message]:
        """Give the Esc that stands alone, if it has for long enough."""


def keys_set(app: App[Any]) -> Mapping[str, str]:
    """Return the keys that were set instead of the usual, by name of binding.

    `App.set_keymap` brings them into the form that is compared with what is
    typed, and nothing public returns that. Without it, help has the usual keys.
    """
    found: Mapping[str, str] = getattr(app, "_keymap", {})
    return found


def key_parser(*, debug: bool) -> KeyParser | None:
    """Return Textual's own parser of what a terminal sends.

    Who reads a keyboard needs it. Without it, None: Textual's own reader
    does the work.

    Args:
        debug: Whether all that is read goes into a log.
    """
    try:
        from textual._xterm_parser import XTermParser
    except ImportError:
        return None
    return XTermParser(debug)


# The terminal


def write_to_terminal(app: App[Any], sequence: str) -> None:
    """Write a control sequence between two frames; without it, nothing."""
    driver: Driver | None = getattr(app, "_driver", None)
    if driver is not None:
        driver.write(sequence)


def wrap_output(driver: Driver, wrap: Callable[[Any], Any]) -> None:
    """Put something between a driver and the file that it writes to.

    Drivers take no file as an argument. Without it, the driver's thread ends
    when the terminal goes away, and who writes next waits for it.

    Args:
        driver: One that is not writing yet.
        wrap: Given the file, returns what is to be written to.
    """
    file = getattr(driver, "_file", None)
    if file is not None:
        driver._file = wrap(file)  # type: ignore[attr-defined]  # noqa: SLF001 (see above)


def restarts_itself(driver: Driver) -> bool:
    """Whether a driver takes the terminal back as soon as the process goes on.

    It does not while another program has been given the terminal, and tells
    nobody else. Without it, it always does.
    """
    return bool(getattr(driver, "_auto_restart", True))
