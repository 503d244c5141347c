"""The people of the house: their duty, breaks and leave, the roster, and the end of their shifts, built together."""

from __future__ import annotations

from collections.abc import Mapping

from bot.services.absences import ABSENCE, Absences
from bot.services.attendance import Doorkeeper
from bot.services.duty import LEAVING, WARNING, Duty
from bot.services.moves import Moves
from bot.services.presences import LOOK, SIGN_OF_LIFE, Presences
from bot.services.putting_back import PUT_BACK, PuttingBack
from bot.services.rosters import Rosters
from bot.services.second_factors import SecondFactors
from bot.services.shift_end_ways import Ways
from bot.services.shift_ends import ShiftEnds
from bot.services.shift_watch import SHIFT_END, ShiftWatch
from bot.services.timers import TimerHandler
from bot.services.transferring import Transferring


class Crew:
    """Everything that moves people; ``timers`` deals with their durable timers, by kind."""

    def __init__(self, moves: Moves, doorkeeper: Doorkeeper) -> None:
        store, clock, company = moves.store, moves.clock, moves.company
        putting_back = PuttingBack(moves)
        watch = ShiftWatch(store=store, clock=clock, company=company)
        self.duty = Duty(store=store, clock=clock, company=company)
        self.presences = Presences(store=store, clock=clock, company=company, doorkeeper=doorkeeper)
        self.absences = Absences(store=store, clock=clock, company=company)
        self.rosters = Rosters(store=store, clock=clock, company=company)
        self.second_factors = SecondFactors(store=store, clock=clock, company=company)
        self.shift_end_ways = Ways(store=store, clock=clock, company=company, putting_back=putting_back)
        self.shift_ends = ShiftEnds(
            store=store, clock=clock, company=company, putting_back=putting_back, transferring=Transferring(moves)
        )
        self.timers: Mapping[str, TimerHandler] = {
            LOOK: self.presences.look,
            SIGN_OF_LIFE: self.presences.silent,
            ABSENCE: self.absences.due,
            PUT_BACK: putting_back.due,
            WARNING: watch.warn,
            SHIFT_END: watch.end,
            LEAVING: watch.leaving,
        }
