"""The service's HTTP routes as a table: who may, what goes in, what comes back, what can be refused.

The doors route by their decorators; the contract (OpenAPI) is generated from this table, and a
test holds the two equal. Codes of refusal are those of `casework.edge.refusals`.
"""

from schemas.api.desk import DESK, DESK_PATH
from schemas.api.route import Access, Parameter, Route, Words
from schemas.api.routes import ROUTES

__all__ = ["DESK", "DESK_PATH", "ROUTES", "Access", "Parameter", "Route", "Words"]
