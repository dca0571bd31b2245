"""Changes of services: given to people, counted for nobody, money for one person."""

from shelter.services.actions.given import TakeBack, enter, take_back
from shelter.services.actions.house import give_in_house, take_back_in_house
from shelter.services.actions.money import AskMoney, DecideMoney, PayMoney, ask_money, decide_money, pay_money
from shelter.services.actions.nobody import CountNobody, count_nobody, take_count_back
from shelter.services.entry import EnterService

__all__ = [
    "AskMoney",
    "CountNobody",
    "DecideMoney",
    "EnterService",
    "PayMoney",
    "TakeBack",
    "ask_money",
    "count_nobody",
    "decide_money",
    "enter",
    "give_in_house",
    "pay_money",
    "take_back",
    "take_back_in_house",
    "take_count_back",
]
