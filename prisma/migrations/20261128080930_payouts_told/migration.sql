-- AlterTable
ALTER TABLE "settlement_payout" ADD COLUMN     "told_at" TIMESTAMPTZ(3);

-- Of one that is paid nothing is touched but when its order heard of it, once.
CREATE OR REPLACE FUNCTION refuse_changed_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.id, NEW.agent_id, NEW.amount, NEW.bill_id, NEW.correction_id)
      IS DISTINCT FROM (OLD.id, OLD.agent_id, OLD.amount, OLD.bill_id, OLD.correction_id)
      OR (OLD.state = 'paid' AND (OLD.told_at IS NOT NULL OR NEW IS DISTINCT FROM jsonb_populate_record(OLD, jsonb_build_object('told_at', NEW.told_at)))) THEN
    RAISE EXCEPTION 'payout % can''t be changed', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Correct it by a supplement or a claw-back (P-63).';
  END IF;
  RETURN NEW;
END
$$;

-- What has been answered before was closed by finance: nobody waits to be told.
UPDATE "settlement_payout" SET "told_at" = "answered_at" WHERE "state" IN ('paid', 'failed');

-- CreateIndex, of the few that are still to be told
CREATE INDEX "settlement_payout_untold_idx" ON "settlement_payout"("answered_at", "id") WHERE "told_at" IS NULL AND "state" IN ('paid', 'failed');
