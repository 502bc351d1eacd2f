-- CreateTable
CREATE TABLE "customer_profile" (
    "customer_id" TEXT NOT NULL,
    "tenure_months" INTEGER NOT NULL,
    "contract" TEXT NOT NULL,
    "payment" TEXT NOT NULL,
    "flags" TEXT[],
    "monthly_charge" BIGINT NOT NULL,
    "total_charge" BIGINT NOT NULL,
    "value_class" TEXT NOT NULL,
    "churned" BOOLEAN,
    "source" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_profile_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "customer_charge" (
    "customer_id" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "customer_charge_pkey" PRIMARY KEY ("customer_id","month")
);

-- CreateTable
CREATE TABLE "customer_signal" (
    "customer_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "value" TEXT,

    CONSTRAINT "customer_signal_pkey" PRIMARY KEY ("customer_id","kind","at")
);

-- CreateTable
CREATE TABLE "retention_model" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "process" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "metrics" JSONB,
    "saved_by" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,
    "released_by" TEXT,
    "released_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "retention_model_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "retention_run" (
    "order_id" TEXT NOT NULL,
    "process" TEXT NOT NULL,
    "models" JSONB NOT NULL,
    "looked" INTEGER NOT NULL,
    "alarmed" INTEGER NOT NULL,
    "opened" INTEGER NOT NULL,
    "held_back" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retention_run_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "retention_alarm" (
    "id" BIGSERIAL NOT NULL,
    "run_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "manager_id" TEXT,
    "points" INTEGER,
    "reasons" JSONB NOT NULL,
    "keys" TEXT[],
    "state" TEXT NOT NULL,
    "why" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retention_alarm_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retention_case" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "alarm_id" BIGINT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "end" TEXT,

    CONSTRAINT "retention_case_pkey" PRIMARY KEY ("order_id")
);

-- CreateIndex
CREATE INDEX "retention_alarm_customer_id_at_idx" ON "retention_alarm"("customer_id", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "retention_alarm_run_id_customer_id_key" ON "retention_alarm"("run_id", "customer_id");

-- CreateIndex
CREATE INDEX "retention_case_customer_id_opened_at_idx" ON "retention_case"("customer_id", "opened_at" DESC);

-- AddForeignKey
ALTER TABLE "customer_profile" ADD CONSTRAINT "customer_profile_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_charge" ADD CONSTRAINT "customer_charge_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_signal" ADD CONSTRAINT "customer_signal_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "retention_run" ADD CONSTRAINT "retention_run_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "retention_alarm" ADD CONSTRAINT "retention_alarm_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "retention_run"("order_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "retention_alarm" ADD CONSTRAINT "retention_alarm_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "retention_case" ADD CONSTRAINT "retention_case_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "retention_case" ADD CONSTRAINT "retention_case_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand: what the schema language has no words for ───────────────────────────────────────────────────────────────

ALTER TABLE customer_profile
  ADD CONSTRAINT customer_profile_tenure CHECK (tenure_months >= 0),
  ADD CONSTRAINT customer_profile_contract CHECK (contract IN ('month-to-month', 'one-year', 'two-year')),
  ADD CONSTRAINT customer_profile_payment CHECK (payment IN ('electronic-check', 'mailed-check', 'bank-transfer', 'credit-card')),
  ADD CONSTRAINT customer_profile_charges CHECK (monthly_charge >= 0 AND total_charge >= 0),
  ADD CONSTRAINT customer_profile_value CHECK (value_class IN ('high', 'mid', 'low'));
ALTER TABLE customer_charge
  ADD CONSTRAINT customer_charge_month CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  ADD CONSTRAINT customer_charge_amount CHECK (amount >= 0);
ALTER TABLE customer_signal ADD CONSTRAINT customer_signal_kind CHECK (kind IN ('call-forwarding', 'service-call', 'calling-behaviour'));
ALTER TABLE retention_model
  ADD CONSTRAINT retention_model_version CHECK (version > 0),
  ADD CONSTRAINT retention_model_kind CHECK (kind IN ('rules', 'scorecard')),
  ADD CONSTRAINT retention_model_state CHECK (state IN ('draft', 'released', 'retired')),
  ADD CONSTRAINT retention_model_released CHECK (state = 'draft' OR (released_by IS NOT NULL AND released_at IS NOT NULL));
ALTER TABLE retention_run ADD CONSTRAINT retention_run_counts
  CHECK (opened >= 0 AND held_back >= 0 AND opened + held_back = alarmed AND alarmed <= looked);
ALTER TABLE retention_alarm
  ADD CONSTRAINT retention_alarm_state CHECK (
    (state = 'opened' AND why IS NULL) OR
    (state = 'held-back' AND why IS NOT NULL AND why IN ('open-case', 'quiet', 'capacity', 'no-manager', 'run-full'))),
  ADD CONSTRAINT retention_alarm_keys CHECK (cardinality(keys) > 0);
ALTER TABLE retention_case ADD CONSTRAINT retention_case_end CHECK (("end" IS NULL) = (closed_at IS NULL));

-- P-34 rule 3: one open retention case for each customer.
CREATE UNIQUE INDEX retention_case_open ON retention_case (customer_id) WHERE closed_at IS NULL;
-- One version of a model is in force, and one is being worked on.
CREATE UNIQUE INDEX retention_model_in_force ON retention_model (id) WHERE state = 'released';
CREATE UNIQUE INDEX retention_model_draft ON retention_model (id) WHERE state = 'draft';

-- Alarms name a version for ever: what has been released keeps its wording.
CREATE FUNCTION refuse_released_model() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.state = 'draft'
    OR (NEW.id, NEW.version, NEW.process, NEW.kind, NEW.spec, NEW.metrics) IS DISTINCT FROM (OLD.id, OLD.version, OLD.process, OLD.kind, OLD.spec, OLD.metrics) THEN
    RAISE EXCEPTION 'version % of model % is released and keeps its wording', OLD.version, OLD.id
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Save a new version and release it.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER retention_model_released BEFORE UPDATE OR DELETE ON retention_model
  FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_released_model();
