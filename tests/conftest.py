"""What all tests share: a clean environment, hypothesis, and the kernels."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import tempfile
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from repoview.core.kernel import kernel, pure
from tests.measuring import Measuring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

KERNELS = {"pure": pure}
"""Every kernel there is: the engine's tests run once on each."""

with suppress(ImportError):
    # Where there is no Rust toolchain it was not built.
    KERNELS["compiled"] = import_module("repoview.core._kernel")

# Remove settings of the shell that would change what is printed or drawn. Textual
# reads its own when it is imported, so this comes before any test module.
# Where the vectors lie changes no answer, nor where failed snapshots are put.
for _name in os.environ.keys() - {"REPOVIEW_VECTORS", "TEXTUAL_SNAPSHOT_TEMPDIR"}:
    if _name == "NO_COLOR" or _name.startswith(("TEXTUAL_", "REPOVIEW_")):
        del os.environ[_name]

# A program that a test starts would compile every module it imports again, Textual's
# too, which takes longer than most tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Caches and state are private to this run of the tests.
_home = tempfile.mkdtemp(prefix="repoview-tests-")
for _name in ("CACHE", "CONFIG", "STATE"):
    os.environ[f"XDG_{_name}_HOME"] = os.path.join(_home, _name.lower())  # noqa: PTH118 (an environment holds strings)
atexit.register(shutil.rmtree, _home, ignore_errors=True)

# The tests may be run with signals ignored (`nohup`, a job in the background),
# which every program that a test starts would inherit.
for _number, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGTERM, signal.SIG_DFL),
    *((getattr(signal, n), signal.SIG_DFL) for n in ("SIGHUP", "SIGQUIT", "SIGTSTP")),
):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

# No deadline, and no check of how fast inputs are made: a slow machine is not a
# failure.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", _PATIENT)
settings.register_profile("ci", _PATIENT, derandomize=True, max_examples=30)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run the tests: more than the number of processors.

    Much of the time of the explorer's tests is waiting for a screen to be at rest.
    """
    return (os.cpu_count() or 1) + 2


def pytest_configure(config: pytest.Config) -> None:
    """Measure coverage in some tests only."""
    if plugin := config.pluginmanager.get_plugin("_cov"):
        config.pluginmanager.register(Measuring(plugin))


def pytest_collection_finish() -> None:
    """Keep the tests themselves out of collections, which take longer with each."""
    gc.collect()
    gc.freeze()
    # Screens make and drop so many objects that the usual thresholds take a tenth of
    # the time of their tests.
    gc.set_threshold(20_000, 20, 50)


NO_KERNEL = "no-kernel"
"""Run by modules that say `WITHOUT_KERNEL`: they have nothing to run twice."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a kernel once on each."""
    if "kernel_in_use" in metafunc.fixturenames:
        without = getattr(metafunc.module, "WITHOUT_KERNEL", False)
        names = [NO_KERNEL] if without else [*KERNELS]
        metafunc.parametrize("kernel_in_use", names, indirect=True, scope="module")


def _unexpected(*_: object, **__: object) -> NoReturn:
    """Stand for the kernel where a module says that it does without."""
    pytest.fail("the kernel is reached: WITHOUT_KERNEL does not belong here")


@pytest.fixture(scope="module")
def kernel_in_use(request: pytest.FixtureRequest) -> Iterator[ModuleType | None]:
    """Put a kernel to use, and give it."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == NO_KERNEL:
            for name in kernel.SEAM:
                patch.setattr(kernel, name, _unexpected)
            yield None
        else:
            twin = KERNELS[request.param]
            for name in (*kernel.SEAM, "NAME"):
                patch.setattr(kernel, name, getattr(twin, name))
            yield twin
