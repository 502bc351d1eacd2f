-- AlterTable
ALTER TABLE "verification" ADD COLUMN     "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "anchor" ADD COLUMN     "attempts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "error" TEXT,
ADD COLUMN     "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "posted_at" TIMESTAMPTZ(3),
ADD COLUMN     "written_at" TIMESTAMPTZ(3),
ALTER COLUMN "n" DROP DEFAULT;

-- CreateTable
CREATE TABLE "workflow_bundle" (
    "hash" TEXT NOT NULL,
    "code_version" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workflow_bundle_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "anchor_line" (
    "n" INTEGER NOT NULL,
    "order_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "archive" TEXT,

    CONSTRAINT "anchor_line_pkey" PRIMARY KEY ("order_id","n")
);

-- CreateIndex
CREATE INDEX "anchor_line_n_idx" ON "anchor_line"("n");

-- AddForeignKey
ALTER TABLE "anchor_line" ADD CONSTRAINT "anchor_line_n_fkey" FOREIGN KEY ("n") REFERENCES "anchor"("n") ON DELETE RESTRICT ON UPDATE CASCADE;

DROP SEQUENCE IF EXISTS "anchor_n_seq";

-- What waits for its replay.
CREATE INDEX "verification_waiting" ON "verification" ("next_at") WHERE "engine" IS NULL;
UPDATE "verification" SET "engine" = '{"state": "missing", "message": "made before replays were"}' WHERE "engine" IS NULL;

-- ── Archive: what was stored is never changed, and no order that ended can be missed, whoever closed it ──────────────

CREATE TRIGGER history_archive_append_only BEFORE UPDATE OR DELETE ON history_archive
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER workflow_bundle_append_only BEFORE UPDATE OR DELETE ON workflow_bundle
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_line_append_only BEFORE UPDATE OR DELETE ON anchor_line
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION archive_ended_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The engine ends its workflow a moment after the record has its last move.
  INSERT INTO archive_state (order_id, state, attempts, next_at) VALUES (NEW.id, 'waiting', 0, now() + interval '2 seconds')
    ON CONFLICT (order_id) DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER orders_ended AFTER INSERT OR UPDATE OF status ON orders
  FOR EACH ROW WHEN (NEW.status = 'closed') EXECUTE FUNCTION archive_ended_order();
INSERT INTO archive_state (order_id, state, attempts, next_at) SELECT id, 'waiting', 0, now() FROM orders WHERE status = 'closed'
  ON CONFLICT (order_id) DO NOTHING;
