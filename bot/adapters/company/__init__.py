"""`company.yml` and `knowledge.yml`, read into the domain: `load` and `load_knowledge` report every fault at once."""

from bot.adapters.company.additions import read_additions, write_additions
from bot.adapters.company.faults import CompanyFaults, Fault, FileFaults, KnowledgeFaults
from bot.adapters.company.knowledge import Expected, load_knowledge
from bot.adapters.company.load import load

__all__ = [
    "CompanyFaults",
    "Expected",
    "Fault",
    "FileFaults",
    "KnowledgeFaults",
    "load",
    "load_knowledge",
    "read_additions",
    "write_additions",
]
