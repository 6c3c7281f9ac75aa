"""Two clients of a chat, written in from the lab while their journeys grow."""

from passerella.journeys.model import Journey
from passerella.tui.chooser import Chooser
from passerella.tui.talk_bar import TalkBar, TalkInput

from .driving import Open, Screen


def journeys(screen: Screen) -> list[Journey]:
    return [each for each in screen.lab.browsing.assembler.journeys if each.protocol == "websocket"]


def names(journey: Journey) -> list[str]:
    return [step.name for step in journey.steps]


async def test_what_one_says_both_hear_and_a_message_is_held(lab: Open) -> None:
    async with lab("uvicorn-chat") as screen:
        await screen.press("r")
        await screen.until(lambda: isinstance(screen.app.screen, Chooser))
        assert "/chat" in screen.text()
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.lab.focused, TalkInput))
        bar = screen.lab.query_one(TalkBar)
        await screen.until(lambda: [talk.status for talk in bar.talks] == [101, 101])
        await screen.until(lambda: "aperto" in screen.shown("#talk-who"))

        await screen.press(*"ciao")
        assert "ciao" in screen.text().splitlines()[-2]  # what one writes is seen
        await screen.press("enter")
        await screen.until(lambda: "frame_out" in names(screen.journey))
        await screen.until(lambda: screen.lab.browsing.position == len(screen.lab.browsing.rows) - 1)
        await screen.until(lambda: ["frame_out" in names(each) for each in journeys(screen)] == [True] * 2)
        # Which of the two connections came first is the system's choice: the first here is who spoke.
        first, second = sorted(journeys(screen), key=lambda each: "ws_receive" not in names(each))
        assert ("ws_receive" in names(first), "ws_receive" in names(second)) == (True, False)

        await screen.press("f3", *"zz", "enter")
        await screen.until(lambda: "esadecimali" in screen.shown("#talk-wrong"))
        await screen.press("f5")  # every message is held before it leaves
        await screen.press("backspace", "backspace", *"00 ff", "enter")
        await screen.until(lambda: screen.lab.holds.count == 1)
        await screen.press("f5", "escape")
        assert not isinstance(screen.lab.focused, TalkInput)
        screen.lab.release_all()
        await screen.until(lambda: names(second).count("frame_out") == 2)
        assert first.held + second.held > 0  # to whom it went first is not said

        await screen.press("r")  # back to the one that is open
        await screen.until(lambda: isinstance(screen.app.screen, Chooser))
        assert "Scrivi nel WebSocket 1" in screen.text()
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.lab.focused, TalkInput))
        await screen.press("f3", "f3", *"1001 via", "enter", "f4", *"1000", "enter")
        await screen.until(lambda: all(talk.over for talk in bar.talks))
        await screen.until(lambda: all(each.complete for each in journeys(screen)))
        assert [talk.code for talk in bar.talks] == [1001, 1000]
        await screen.press("x", "enter")
        await screen.until(lambda: "è chiuso" in screen.shown("#talk-wrong"))
