-- The few orders in which somebody asks to suspend a task: what supervisors have to answer.
CREATE INDEX orders_pause_asked ON orders (id)
  WHERE status IN ('open', 'withdrawing') AND jsonb_path_exists(state, '$.tasks.*.suspendAsked');
