from journal.models.data_key import DataKey
from journal.models.entry import Draft, Entry, EntryVersion, Kind
from journal.models.treatment import Phase, Treatment

__all__ = ["DataKey", "Draft", "Entry", "EntryVersion", "Kind", "Phase", "Treatment"]
