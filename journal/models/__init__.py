from journal.models.choices import Choices, Reminder
from journal.models.data_key import DataKey
from journal.models.entry import Draft, Entry, EntryVersion, Kind
from journal.models.treatment import Phase, Treatment

__all__ = ["Choices", "DataKey", "Draft", "Entry", "EntryVersion", "Kind", "Phase", "Reminder", "Treatment"]
