-- A joint task is offered while a signature is asked of somebody: it lay among those that wait for a dispatcher, who can do nothing for it.
UPDATE task t SET status = 'offered'
WHERE t.status = 'undispatched' AND t.closed_at IS NULL
  AND EXISTS (
    SELECT FROM signature s
    WHERE s.order_id = t.order_id AND s.task = t.task AND s.removed_at IS NULL AND s.answer IS NULL
      AND (s.person_id IS NOT NULL OR s.unit_id IS NOT NULL)
  );
