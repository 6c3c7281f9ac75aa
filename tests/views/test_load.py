"""What is not there is said, in Italian that counts right."""

from journeys.crowd import Crowd
from passerella.events import Counted, Dropped, Level
from passerella.journeys.model import Journey
from passerella.views.headings import heading
from passerella.views.load import counted_sentence, let_go_sentence, level_sentence, load_sentences, missing_sentences


def test_nothing_to_say() -> None:
    assert load_sentences(Crowd().assembler, 0) == []
    assert list(missing_sentences(Journey(1, "", 1))) == []


def test_how_many() -> None:
    assert counted_sentence(1) == "1 richiesta solo contata"
    assert counted_sentence(1234) == "1234 richieste solo contate"
    assert let_go_sentence(1) == "il primo viaggio non è più qui"
    assert let_go_sentence(12_345) == "i primi 12\u202f345 viaggi non sono più qui"


def test_the_title_says_all_of_it() -> None:
    crowd = Crowd(most=20)
    for number in range(1, 200):
        crowd.whole(number)
    crowd.say(Counted(5))
    now = crowd.n * 1000
    crowd.say(Level(now, "summary"))
    said = load_sentences(crowd.assembler, now)
    assert said[0] == level_sentence("summary")
    assert said[1] == "5 richieste solo contate"
    assert said[2] == let_go_sentence(crowd.assembler.let_go)


def test_what_a_journey_lacks() -> None:
    crowd = Crowd()
    crowd.connect(1)
    crowd.ask(1)
    crowd.say(Dropped(1, 1))
    crowd.look()
    journey = crowd.journeys[0]
    assert list(missing_sentences(journey)) == ["1 passo non registrato."]
    journey.omitted, journey.omitted_after = 12_345, 500
    assert "Dopo il passo 500 ci sono 12\u202f345 passi contati e non tenuti." in missing_sentences(journey)


def test_a_summary_says_so() -> None:
    crowd = Crowd()
    crowd.say(Level(1, "summary"))
    crowd.connect(1)
    crowd.ask(1)
    crowd.look()
    journey = crowd.journeys[0]
    assert heading(journey).endswith("riassunto")
    assert any(sentence.startswith("Riassunto") for sentence in missing_sentences(journey))
