"""Taking messages from a queue: each by itself, so that one that fails does not hold up the rest."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from chalice.app import SQSEvent


def each(event: SQSEvent, logger: Logger, handle: Callable[[str], None]) -> dict[str, Any]:
    """Handle each record; the answer names those that must come again (ReportBatchItemFailures)."""
    from aws_lambda_powertools.utilities.batch import (
        BatchProcessor,
        EventType,
        process_partial_response,
    )
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

    def handled(record: SQSRecord) -> None:
        try:
            handle(record.body)
        except Exception as error:
            logger.error(
                "message failed", extra={"kind": type(error).__name__, "id": record.message_id}
            )
            raise

    answer: dict[str, Any] = process_partial_response(  # type: ignore[assignment]
        event=event.to_dict(),
        record_handler=handled,
        processor=BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False),
        context=None,
    )
    return answer
