"""Pages of the plan's room: goals, reviews and agreement, safety plan, her papers, appointments, closing a case."""

from shelter.plans.routes import agreement, appointments, episodes, goals, own_file, paper, safety
from shelter.plans.routes.blueprint import blueprint

__all__ = ["agreement", "appointments", "blueprint", "episodes", "goals", "own_file", "paper", "safety"]
