"""What the desk has of this app: each model's pages stand in a module of their own."""

from articles.desk.guides import GuideAdmin
from articles.desk.reviewers import ReviewerAdmin
from articles.desk.sources import SourceAdmin

__all__ = ["GuideAdmin", "ReviewerAdmin", "SourceAdmin"]
