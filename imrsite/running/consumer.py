"""The part of a Celery worker that listens to the broker."""

from __future__ import annotations

from celery.worker import consumer


class Consumer(consumer.Consumer):
    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Gives nothing back to a broker that is gone.

        kombu 5.7 would try to, where a message is taken and waits for its turn, and the worker
        would end of it. What is lost so the sweep finds.
        """
        if self.task_consumer:
            self.task_consumer.channel.do_restore = False
        super().on_connection_error_after_connected(exc)
