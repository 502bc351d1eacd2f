-- Which tasks are at risk: the board asks it of one task after the other, by due instant.
CREATE INDEX rung_warning ON rung (order_id, task) WHERE settled_at IS NULL AND pct < 100;
