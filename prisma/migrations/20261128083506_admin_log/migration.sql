-- CreateTable
CREATE TABLE "admin_log" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "admin_log_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE INDEX "admin_log_actor_seq_idx" ON "admin_log"("actor", "seq");

-- CreateIndex
CREATE INDEX "admin_log_action_seq_idx" ON "admin_log"("action", "seq");

-- Written by hand: what the schema language has no words for.

-- Whatever its program, an entry follows the last one; two that come at once come one after the other (prisma/admin-log.ts).
CREATE FUNCTION admin_log_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  SELECT seq, hash INTO last FROM admin_log ORDER BY seq DESC LIMIT 1;
  IF NEW.seq <> coalesce(last.seq, 0) + 1 OR NEW.prev_hash <> coalesce(last.hash, '') THEN
    RAISE EXCEPTION 'admin_log: entry % does not follow entry %', NEW.seq, coalesce(last.seq, 0)
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER admin_log_follows BEFORE INSERT ON admin_log FOR EACH ROW EXECUTE FUNCTION admin_log_follows();
CREATE TRIGGER admin_log_append_only BEFORE UPDATE OR DELETE ON admin_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER admin_log_no_truncate BEFORE TRUNCATE ON admin_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE admin_log ENABLE ALWAYS TRIGGER admin_log_follows, ENABLE ALWAYS TRIGGER admin_log_append_only,
  ENABLE ALWAYS TRIGGER admin_log_no_truncate;
