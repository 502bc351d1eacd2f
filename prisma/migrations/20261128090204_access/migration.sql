-- AlterTable
ALTER TABLE "order_text" ADD COLUMN     "named" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "stored_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "api_token" ADD COLUMN     "scopes" TEXT[];

-- CreateTable
CREATE TABLE "sso_attempt" (
    "id_hash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "verifier" TEXT NOT NULL,
    "return_to" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sso_attempt_pkey" PRIMARY KEY ("id_hash")
);

-- CreateTable
CREATE TABLE "sso_role" (
    "group_name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "unit_id" TEXT,

    CONSTRAINT "sso_role_pkey" PRIMARY KEY ("group_name","role")
);

-- CreateTable
CREATE TABLE "sso_grant" (
    "staff_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "unit_id" TEXT NOT NULL,

    CONSTRAINT "sso_grant_pkey" PRIMARY KEY ("staff_id","role","unit_id")
);

-- CreateTable
CREATE TABLE "personal_key" (
    "id" SERIAL NOT NULL,
    "customer_id" TEXT NOT NULL,
    "key" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "personal_key_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sso_attempt_created_at_idx" ON "sso_attempt"("created_at");

-- CreateIndex
CREATE INDEX "personal_key_customer_id_idx" ON "personal_key"("customer_id");

-- AddForeignKey
ALTER TABLE "sso_role" ADD CONSTRAINT "sso_role_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "org_unit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sso_grant" ADD CONSTRAINT "sso_grant_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by hand: what the schema language has no words for.

-- Tokens that are there keep what they could do.
UPDATE api_token SET scopes = '{read,work,money,admin}';
ALTER TABLE api_token ALTER scopes SET NOT NULL;

-- One living key for each customer.
CREATE UNIQUE INDEX personal_key_living ON personal_key (customer_id) WHERE key IS NOT NULL;
ALTER TABLE personal_key ADD CONSTRAINT personal_key_erased CHECK ((key IS NULL) = (erased_at IS NOT NULL)),
  ADD CONSTRAINT personal_key_length CHECK (length(key) = 32);

-- The worker looks for texts that no event names (activities/prune.ts).
CREATE INDEX order_text_unnamed ON order_text (created_at) WHERE NOT named;
CREATE FUNCTION refuse_changed_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM jsonb_populate_record(OLD, jsonb_build_object('stored_at', NEW.stored_at, 'named', OLD.named OR NEW.named)) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND NOT OLD.named AND current_setting('paidan.pruning', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation',
          HINT = 'History is corrected by a new event, never by changing an old one.';
END
$$;
DROP TRIGGER order_text_append_only ON order_text;
CREATE TRIGGER order_text_append_only BEFORE UPDATE OR DELETE ON order_text FOR EACH ROW EXECUTE FUNCTION refuse_changed_text();
ALTER TABLE order_text ENABLE ALWAYS TRIGGER order_text_append_only;
