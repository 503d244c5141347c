"""Changes are taken back to what was there before."""

from __future__ import annotations

from bot.adapters.memory.journal import Index, Journal


def test_an_undo_restores_what_was_there_and_removes_what_was_not() -> None:
    table, journal = {"a": 1, "b": 2}, Journal(recording=True)
    journal.put(table, "a", 10)
    journal.put(table, "a", 11)
    journal.put(table, "c", 3)
    journal.drop(table, "b")
    journal.drop(table, "nowhere")
    journal.undo()
    assert table == {"a": 1, "b": 2}


def test_what_was_kept_is_not_undone_later() -> None:
    table, journal = {"a": 1}, Journal(recording=True)
    journal.put(table, "a", 2)
    journal.forget()
    journal.put(table, "b", 3)
    journal.undo()
    assert table == {"a": 2}


def test_actions_run_on_undo_in_reverse_and_only_then() -> None:
    done: list[str] = []
    journal = Journal(recording=True)
    for name in ("first", "second"):
        journal.on_undo(lambda name=name: done.append(name))
    assert done == []
    journal.undo()
    journal.undo()
    assert done == ["second", "first"]


def test_without_recording_everything_stays() -> None:
    table, journal = {"a": 1}, Journal(recording=False)
    journal.put(table, "a", 2)
    journal.on_undo(table.clear)
    journal.undo()
    assert table == {"a": 2}


def test_an_index_reads_in_order_and_follows_an_undo() -> None:
    index, journal = Index(), Journal(recording=True)
    for one in (3, 1, 2):
        index.add(journal, "desk", one)
    journal.forget()
    index.move(journal, "desk", "other", 1)
    index.move(journal, "desk", None, 2)
    assert (index.of("desk"), index.first("desk"), index.of("other")) == ([3], 3, [1])
    assert index.counts() == {"desk": 1, "other": 1}
    journal.undo()
    assert (index.of("desk"), index.first("desk"), index.first("other")) == ([1, 2, 3], 1, None)
    index.sweep()
    assert index.counts() == {"desk": 3}
    index.forget("desk")
    assert index.of("desk") == []
