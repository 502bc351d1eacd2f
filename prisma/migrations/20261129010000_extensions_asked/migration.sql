-- The few orders in which somebody asks for more time: with the pauses that are asked for, what supervisors have to answer.
CREATE INDEX orders_extension_asked ON orders (id)
  WHERE status IN ('open', 'withdrawing') AND jsonb_path_exists(state, '$.tasks.*.extensionAsked');
