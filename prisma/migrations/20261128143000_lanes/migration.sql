-- The lanes of the board, each by due instant: from the index of all open tasks the first of a lane may be thousands away.
CREATE INDEX task_offered ON task (due_at, order_id, task) WHERE closed_at IS NULL AND status = 'offered';
CREATE INDEX task_working ON task (due_at, order_id, task) WHERE closed_at IS NULL AND status IN ('accepted', 'automatic');
CREATE INDEX task_waiting ON task (due_at, order_id, task) WHERE closed_at IS NULL AND status IN ('suspended', 'child');
