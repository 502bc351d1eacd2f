-- The few events that reports of lost time begin with, among the many.
CREATE INDEX order_event_suspended ON order_event (at) WHERE type = 'task-suspended';
-- Orders that ended in a span of days.
CREATE INDEX orders_closed ON orders (closed_at) WHERE closed_at IS NOT NULL;
