-- CreateTable
CREATE TABLE "agent_level" (
    "id" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,

    CONSTRAINT "agent_level_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agent" (
    "id" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "level_id" TEXT NOT NULL,
    "department_id" TEXT NOT NULL,
    "region_path" TEXT NOT NULL,
    "unit_id" TEXT,
    "contract_no" TEXT,
    "bank_account" TEXT,
    "status" TEXT NOT NULL DEFAULT 'active',

    CONSTRAINT "agent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_scheme" (
    "id" TEXT NOT NULL,
    "nature" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "business_type" TEXT,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,

    CONSTRAINT "settlement_scheme_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_scheme_version" (
    "no" SERIAL NOT NULL,
    "scheme_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "spec" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "saved_by" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,
    "released_by" TEXT,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_scheme_version_pkey" PRIMARY KEY ("scheme_id","version")
);

-- CreateTable
CREATE TABLE "agent_scheme" (
    "id" BIGSERIAL NOT NULL,
    "agent_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "rank" TEXT NOT NULL,
    "scheme_id" TEXT NOT NULL,
    "valid_from" DATE NOT NULL,
    "valid_to" DATE,
    "set_by" TEXT NOT NULL,
    "set_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agent_scheme_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_load" (
    "id" SERIAL NOT NULL,
    "department_id" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "source" TEXT NOT NULL,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "first_id" BIGINT,
    "last_id" BIGINT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_load_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_user" (
    "id" BIGSERIAL NOT NULL,
    "load_id" INTEGER NOT NULL,
    "replaced_by" INTEGER,
    "period" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "user_no" TEXT NOT NULL,
    "business_type" TEXT NOT NULL,
    "package" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "joined_on" DATE NOT NULL,
    "fee_rent" BIGINT NOT NULL,
    "fee_call" BIGINT NOT NULL,
    "fee_data" BIGINT NOT NULL,
    "fee_message" BIGINT NOT NULL,
    "fee_other" BIGINT NOT NULL,

    CONSTRAINT "settlement_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_run" (
    "id" TEXT NOT NULL,
    "no" SERIAL NOT NULL,
    "origin" TEXT NOT NULL,
    "department_id" TEXT NOT NULL,
    "agent_id" TEXT,
    "agents" TEXT[],
    "period" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "scheme_id" TEXT,
    "reason" TEXT,
    "replaces" TEXT,
    "state" TEXT NOT NULL DEFAULT 'open',
    "opened_by" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "load_to" INTEGER,
    "extracted_at" TIMESTAMPTZ(3),
    "task" TEXT,
    "fingerprint" TEXT,
    "wanted" TEXT NOT NULL DEFAULT 'run',
    "rows_total" INTEGER NOT NULL DEFAULT 0,
    "rows_done" INTEGER NOT NULL DEFAULT 0,
    "left_out" INTEGER NOT NULL DEFAULT 0,
    "rate" INTEGER,
    "left_ms" BIGINT,
    "began_at" TIMESTAMPTZ(3),
    "progress_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "users" INTEGER,
    "amount" BIGINT,
    "note" TEXT,

    CONSTRAINT "settlement_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_choice" (
    "run_no" INTEGER NOT NULL,
    "agent_id" TEXT NOT NULL,
    "business_type" TEXT NOT NULL,
    "rank" TEXT NOT NULL,
    "composite_no" INTEGER NOT NULL,
    "scheme_no" INTEGER NOT NULL,
    "users" INTEGER NOT NULL,
    "volume" BIGINT,
    "tier" INTEGER,

    CONSTRAINT "settlement_choice_pkey" PRIMARY KEY ("run_no","agent_id","business_type")
);

-- CreateTable
CREATE TABLE "settlement_skip" (
    "run_no" INTEGER NOT NULL,
    "agent_id" TEXT NOT NULL,
    "business_type" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "users" INTEGER NOT NULL,

    CONSTRAINT "settlement_skip_pkey" PRIMARY KEY ("run_no","agent_id","business_type")
);

-- CreateTable
CREATE TABLE "settlement_page" (
    "run_no" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "from_id" BIGINT NOT NULL,
    "to_id" BIGINT NOT NULL,
    "rows" INTEGER,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_page_pkey" PRIMARY KEY ("run_no","n")
);

-- CreateTable
CREATE TABLE "settlement_line" (
    "run_no" INTEGER NOT NULL,
    "agent_id" TEXT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "scheme_no" INTEGER NOT NULL,
    "tier" SMALLINT NOT NULL,
    "basis" BIGINT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "settlement_line_pkey" PRIMARY KEY ("run_no","agent_id","user_id")
);

-- CreateTable
CREATE TABLE "settlement_bill" (
    "id" TEXT NOT NULL,
    "run_no" INTEGER NOT NULL,
    "agent_id" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "special" BOOLEAN NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "users" INTEGER NOT NULL DEFAULT 0,
    "amount" BIGINT NOT NULL DEFAULT 0,
    "difference" BIGINT,
    "replaced_by" TEXT,
    "confirmed" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_bill_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_adjustment" (
    "id" TEXT NOT NULL,
    "bill_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'proposed',
    "proposed_by" TEXT NOT NULL,
    "proposed_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_adjustment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_payout" (
    "id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "bill_id" TEXT,
    "correction_id" TEXT,
    "order_id" TEXT,
    "amount" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "bank_ref" TEXT,
    "error" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_payout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_correction" (
    "id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "bill_id" TEXT,
    "direction" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "from_rebate" BIGINT NOT NULL DEFAULT 0,
    "from_prepaid" BIGINT NOT NULL DEFAULT 0,
    "from_deposit" BIGINT NOT NULL DEFAULT 0,
    "from_cash" BIGINT NOT NULL DEFAULT 0,
    "state" TEXT NOT NULL DEFAULT 'open',
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "settlement_correction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "settlement_event" (
    "id" TEXT NOT NULL,
    "source_no" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "user_no" TEXT NOT NULL,
    "business_type" TEXT NOT NULL,
    "package" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "joined_on" DATE NOT NULL,
    "fees" JSONB NOT NULL,
    "scheme_no" INTEGER,
    "tier" INTEGER,
    "basis" BIGINT,
    "amount" BIGINT,
    "state" TEXT NOT NULL,
    "booked_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),

    CONSTRAINT "settlement_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_account" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "agent_id" TEXT,
    "balance" BIGINT,

    CONSTRAINT "ledger_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" BIGSERIAL NOT NULL,
    "ref" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "order_id" TEXT,
    "memo" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "tx" BIGINT NOT NULL,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_line" (
    "entry_id" BIGINT NOT NULL,
    "n" SMALLINT NOT NULL,
    "account_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "ledger_line_pkey" PRIMARY KEY ("entry_id","n")
);

-- CreateIndex
CREATE UNIQUE INDEX "agent_no_key" ON "agent"("no");

-- CreateIndex
CREATE INDEX "agent_department_id_no_idx" ON "agent"("department_id", "no");

-- CreateIndex
CREATE INDEX "agent_unit_id_idx" ON "agent"("unit_id");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_scheme_version_no_key" ON "settlement_scheme_version"("no");

-- CreateIndex
CREATE INDEX "agent_scheme_agent_id_kind_idx" ON "agent_scheme"("agent_id", "kind");

-- CreateIndex
CREATE INDEX "settlement_load_department_id_period_idx" ON "settlement_load"("department_id", "period");

-- CreateIndex
CREATE INDEX "settlement_user_agent_id_period_id_idx" ON "settlement_user"("agent_id", "period", "id");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_run_no_key" ON "settlement_run"("no");

-- CreateIndex
CREATE INDEX "settlement_run_department_id_period_opened_at_idx" ON "settlement_run"("department_id", "period", "opened_at" DESC);

-- CreateIndex
CREATE INDEX "settlement_bill_agent_id_period_idx" ON "settlement_bill"("agent_id", "period");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_bill_run_no_agent_id_key" ON "settlement_bill"("run_no", "agent_id");

-- CreateIndex
CREATE INDEX "settlement_adjustment_bill_id_idx" ON "settlement_adjustment"("bill_id");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_payout_bank_ref_key" ON "settlement_payout"("bank_ref");

-- CreateIndex
CREATE INDEX "settlement_payout_state_asked_at_idx" ON "settlement_payout"("state", "asked_at");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_payout_bill_id_key" ON "settlement_payout"("bill_id");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_payout_correction_id_key" ON "settlement_payout"("correction_id");

-- CreateIndex
CREATE INDEX "settlement_correction_agent_id_at_idx" ON "settlement_correction"("agent_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "settlement_event_source_no_key" ON "settlement_event"("source_no");

-- CreateIndex
CREATE INDEX "settlement_event_period_user_no_business_type_idx" ON "settlement_event"("period", "user_no", "business_type");

-- CreateIndex
CREATE INDEX "settlement_event_agent_id_at_idx" ON "settlement_event"("agent_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_account_agent_id_kind_key" ON "ledger_account"("agent_id", "kind");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_ref_key" ON "ledger_entry"("ref");

-- CreateIndex
CREATE INDEX "ledger_entry_order_id_idx" ON "ledger_entry"("order_id");

-- CreateIndex
CREATE INDEX "ledger_line_account_id_entry_id_idx" ON "ledger_line"("account_id", "entry_id");

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_level_id_fkey" FOREIGN KEY ("level_id") REFERENCES "agent_level"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_department_id_fkey" FOREIGN KEY ("department_id") REFERENCES "org_unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "org_unit"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_scheme_version" ADD CONSTRAINT "settlement_scheme_version_scheme_id_fkey" FOREIGN KEY ("scheme_id") REFERENCES "settlement_scheme"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_scheme" ADD CONSTRAINT "agent_scheme_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent_scheme" ADD CONSTRAINT "agent_scheme_scheme_id_fkey" FOREIGN KEY ("scheme_id") REFERENCES "settlement_scheme"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_choice" ADD CONSTRAINT "settlement_choice_run_no_fkey" FOREIGN KEY ("run_no") REFERENCES "settlement_run"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_skip" ADD CONSTRAINT "settlement_skip_run_no_fkey" FOREIGN KEY ("run_no") REFERENCES "settlement_run"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_page" ADD CONSTRAINT "settlement_page_run_no_fkey" FOREIGN KEY ("run_no") REFERENCES "settlement_run"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_bill" ADD CONSTRAINT "settlement_bill_run_no_fkey" FOREIGN KEY ("run_no") REFERENCES "settlement_run"("no") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_bill" ADD CONSTRAINT "settlement_bill_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_adjustment" ADD CONSTRAINT "settlement_adjustment_bill_id_fkey" FOREIGN KEY ("bill_id") REFERENCES "settlement_bill"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_payout" ADD CONSTRAINT "settlement_payout_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_payout" ADD CONSTRAINT "settlement_payout_bill_id_fkey" FOREIGN KEY ("bill_id") REFERENCES "settlement_bill"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_payout" ADD CONSTRAINT "settlement_payout_correction_id_fkey" FOREIGN KEY ("correction_id") REFERENCES "settlement_correction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_correction" ADD CONSTRAINT "settlement_correction_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_correction" ADD CONSTRAINT "settlement_correction_bill_id_fkey" FOREIGN KEY ("bill_id") REFERENCES "settlement_bill"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "settlement_event" ADD CONSTRAINT "settlement_event_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_account" ADD CONSTRAINT "ledger_account_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_line" ADD CONSTRAINT "ledger_line_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "ledger_entry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_line" ADD CONSTRAINT "ledger_line_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "ledger_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand: what the schema language has no words for ───────────────────────────────────────────────────────────────

-- Compared a million times a run: byte by byte, whatever the database's locale.
ALTER TABLE agent ALTER COLUMN id TYPE TEXT COLLATE "C", ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE agent_scheme ALTER COLUMN agent_id TYPE TEXT COLLATE "C";
ALTER TABLE settlement_user
  ALTER COLUMN agent_id TYPE TEXT COLLATE "C",
  ALTER COLUMN user_no TYPE TEXT COLLATE "C",
  ALTER COLUMN business_type TYPE TEXT COLLATE "C",
  ALTER COLUMN region TYPE TEXT COLLATE "C",
  ALTER COLUMN package TYPE TEXT COLLATE "C",
  ALTER COLUMN period TYPE TEXT COLLATE "C";
ALTER TABLE settlement_choice ALTER COLUMN agent_id TYPE TEXT COLLATE "C", ALTER COLUMN business_type TYPE TEXT COLLATE "C";
ALTER TABLE settlement_skip ALTER COLUMN agent_id TYPE TEXT COLLATE "C", ALTER COLUMN business_type TYPE TEXT COLLATE "C";
ALTER TABLE settlement_line ALTER COLUMN agent_id TYPE TEXT COLLATE "C";
ALTER TABLE settlement_bill ALTER COLUMN agent_id TYPE TEXT COLLATE "C";
ALTER TABLE settlement_event
  ALTER COLUMN agent_id TYPE TEXT COLLATE "C",
  ALTER COLUMN user_no TYPE TEXT COLLATE "C",
  ALTER COLUMN business_type TYPE TEXT COLLATE "C",
  ALTER COLUMN period TYPE TEXT COLLATE "C";
ALTER TABLE settlement_payout ALTER COLUMN agent_id TYPE TEXT COLLATE "C";
ALTER TABLE settlement_correction ALTER COLUMN agent_id TYPE TEXT COLLATE "C";
ALTER TABLE ledger_account ALTER COLUMN agent_id TYPE TEXT COLLATE "C";

-- ── Agents and schemes ───────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE agent ADD CONSTRAINT agent_status CHECK (status IN ('active', 'suspended', 'left'));
ALTER TABLE agent_level ADD CONSTRAINT agent_level_rank CHECK (rank >= 1);
ALTER TABLE settlement_scheme
  ADD CONSTRAINT settlement_scheme_nature CHECK (nature IN ('business', 'composite')),
  ADD CONSTRAINT settlement_scheme_kind CHECK (kind IN ('commission', 'sharing')),
  ADD CONSTRAINT settlement_scheme_business CHECK ((nature = 'business') = (business_type IS NOT NULL));
ALTER TABLE settlement_scheme_version
  ADD CONSTRAINT settlement_scheme_version_n CHECK (version >= 1),
  ADD CONSTRAINT settlement_scheme_version_state CHECK (state IN ('draft', 'released', 'withdrawn')),
  ADD CONSTRAINT settlement_scheme_version_released CHECK (state = 'draft' OR (released_by IS NOT NULL AND released_at IS NOT NULL));
ALTER TABLE agent_scheme
  ADD CONSTRAINT agent_scheme_kind CHECK (kind IN ('commission', 'sharing')),
  ADD CONSTRAINT agent_scheme_rank CHECK (rank IN ('first', 'substitute')),
  ADD CONSTRAINT agent_scheme_range CHECK (valid_to IS NULL OR valid_from <= valid_to),
  -- At any day one first choice and one substitute: two would make the bill a matter of luck.
  ADD CONSTRAINT agent_scheme_no_overlap EXCLUDE USING gist (agent_id WITH =, kind WITH =, rank WITH =, daterange(valid_from, valid_to, '[]') WITH &&);

-- Bills name a version for ever: what has been released keeps its wording.
CREATE FUNCTION refuse_released_scheme() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.spec IS DISTINCT FROM OLD.spec OR NEW.no <> OLD.no OR NEW.scheme_id <> OLD.scheme_id OR NEW.version <> OLD.version THEN
    RAISE EXCEPTION 'version % of scheme % is released and keeps its wording', OLD.version, OLD.scheme_id
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Save a new version and release it.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER settlement_scheme_version_released BEFORE UPDATE OR DELETE ON settlement_scheme_version
  FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_released_scheme();

-- ── User records ─────────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE settlement_load
  ADD CONSTRAINT settlement_load_period CHECK (period ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  ADD CONSTRAINT settlement_load_state CHECK (state IN ('open', 'complete')),
  ADD CONSTRAINT settlement_load_complete CHECK ((state = 'complete') = (completed_at IS NOT NULL));
-- One delivery at a time, so that numbers of loads are in the order in which they became complete.
CREATE UNIQUE INDEX settlement_load_open ON settlement_load (department_id, period) WHERE state = 'open';
CREATE UNIQUE INDEX settlement_user_once ON settlement_user (period, user_no, business_type) WHERE replaced_by IS NULL;
ALTER TABLE settlement_user
  ADD CONSTRAINT settlement_user_period CHECK (period ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  -- So that no share of any combination of them leaves the range of a bigint.
  ADD CONSTRAINT settlement_user_fees CHECK (
    fee_rent BETWEEN -1000000000000 AND 1000000000000 AND fee_call BETWEEN -1000000000000 AND 1000000000000
    AND fee_data BETWEEN -1000000000000 AND 1000000000000 AND fee_message BETWEEN -1000000000000 AND 1000000000000
    AND fee_other BETWEEN -1000000000000 AND 1000000000000
  );

-- What a run has read stays as it read it.
CREATE FUNCTION refuse_changed_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.replaced_by IS NOT NULL OR NEW IS DISTINCT FROM jsonb_populate_record(OLD, jsonb_build_object('replaced_by', NEW.replaced_by)) THEN
    RAISE EXCEPTION 'user record % can''t be changed', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Load a corrected record, which replaces it.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER settlement_user_stays BEFORE UPDATE OR DELETE ON settlement_user FOR EACH ROW EXECUTE FUNCTION refuse_changed_user();

-- ── Runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE settlement_run ALTER COLUMN agents SET NOT NULL,
  ADD CONSTRAINT settlement_run_origin CHECK (origin IN ('unified', 'single', 'special', 'rerun')),
  ADD CONSTRAINT settlement_run_period CHECK (period ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  ADD CONSTRAINT settlement_run_kind CHECK (kind IN ('commission', 'sharing')),
  ADD CONSTRAINT settlement_run_state CHECK (state IN ('open', 'extracted', 'chosen', 'computing', 'computed', 'closed', 'stopped', 'replaced')),
  ADD CONSTRAINT settlement_run_wanted CHECK (wanted IN ('run', 'pause', 'stop')),
  ADD CONSTRAINT settlement_run_single CHECK ((origin = 'single') = (agent_id IS NOT NULL)),
  ADD CONSTRAINT settlement_run_rerun CHECK ((origin = 'rerun') = (replaces IS NOT NULL)),
  ADD CONSTRAINT settlement_run_extracted CHECK (state IN ('open', 'stopped') OR (load_to IS NOT NULL AND extracted_at IS NOT NULL));
-- P-57 rule 3: one run for each department, period and kind, whoever clicks first.
CREATE UNIQUE INDEX settlement_run_once ON settlement_run (department_id, period, kind) WHERE origin = 'unified' AND state <> 'stopped';
CREATE UNIQUE INDEX settlement_run_single_once ON settlement_run (agent_id, period, kind) WHERE origin = 'single' AND state <> 'stopped';
-- One re-settlement of a run at a time.
CREATE UNIQUE INDEX settlement_run_rerun_once ON settlement_run (replaces) WHERE origin = 'rerun' AND state IN ('open', 'extracted', 'chosen', 'computing', 'computed');
ALTER TABLE settlement_run SET (fillfactor = 50);

ALTER TABLE settlement_choice
  ADD CONSTRAINT settlement_choice_rank CHECK (rank IN ('first', 'substitute', 'special')),
  ADD CONSTRAINT settlement_choice_tier CHECK ((volume IS NULL) = (tier IS NULL));
ALTER TABLE settlement_skip
  ADD CONSTRAINT settlement_skip_reason CHECK (reason IN ('no-scheme', 'no-business-scheme', 'out-of-range', 'settled-elsewhere', 'unknown-agent'));
CREATE INDEX settlement_page_todo ON settlement_page (run_no, n) WHERE done_at IS NULL;
ALTER TABLE settlement_page SET (fillfactor = 70);
ALTER TABLE settlement_line SET (autovacuum_vacuum_insert_scale_factor = 0.5);

-- An agent is settled once for each period and kind: the unified run leaves out whom a single one has, and the other way round.
CREATE UNIQUE INDEX settlement_bill_once ON settlement_bill (agent_id, period, kind)
  WHERE NOT special AND state IN ('open', 'computed', 'settled', 'paid');
ALTER TABLE settlement_bill
  ADD CONSTRAINT settlement_bill_state CHECK (state IN ('open', 'computed', 'settled', 'paid', 'proposed', 'void')),
  ADD CONSTRAINT settlement_bill_version CHECK (version >= 1),
  ADD CONSTRAINT settlement_bill_confirmed CHECK (confirmed IN ('confirmed', 'disputed', 'silent')),
  ADD CONSTRAINT settlement_bill_void CHECK ((state = 'void') = (voided_at IS NOT NULL));

-- ── Adjustment before the payout, correction after it ────────────────────────────────────────────────────────────────

ALTER TABLE settlement_adjustment
  ADD CONSTRAINT settlement_adjustment_amount CHECK (amount <> 0),
  ADD CONSTRAINT settlement_adjustment_state CHECK (state IN ('proposed', 'approved', 'rejected'));
-- P-62: adjustments only before the payout; afterwards P-63. The lock keeps a payout out that begins at the same time.
CREATE FUNCTION refuse_late_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bill settlement_bill;
BEGIN
  SELECT * INTO bill FROM settlement_bill WHERE id = NEW.bill_id FOR NO KEY UPDATE;
  IF bill.state NOT IN ('computed', 'settled') OR EXISTS (SELECT FROM settlement_payout p WHERE p.bill_id = NEW.bill_id) THEN
    RAISE EXCEPTION 'bill % is % and can''t be adjusted', NEW.bill_id, bill.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_adjustment_before_payout', HINT = 'After the payout it is corrected (P-63).';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER settlement_adjustment_before_payout BEFORE INSERT OR UPDATE ON settlement_adjustment
  FOR EACH ROW EXECUTE FUNCTION refuse_late_adjustment();

ALTER TABLE settlement_payout
  ADD CONSTRAINT settlement_payout_amount CHECK (amount > 0),
  ADD CONSTRAINT settlement_payout_state CHECK (state IN ('asked', 'sent', 'paid', 'failed')),
  ADD CONSTRAINT settlement_payout_for CHECK ((bill_id IS NULL) <> (correction_id IS NULL)),
  ADD CONSTRAINT settlement_payout_attempt CHECK (attempt >= 1);
-- A payout stays what it was; only what became of it is noted. One that is paid is not touched at all.
CREATE FUNCTION refuse_changed_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state = 'paid' OR (NEW.id, NEW.agent_id, NEW.amount, NEW.bill_id, NEW.correction_id)
      IS DISTINCT FROM (OLD.id, OLD.agent_id, OLD.amount, OLD.bill_id, OLD.correction_id) THEN
    RAISE EXCEPTION 'payout % can''t be changed', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Correct it by a supplement or a claw-back (P-63).';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER settlement_payout_stays BEFORE UPDATE OR DELETE ON settlement_payout FOR EACH ROW EXECUTE FUNCTION refuse_changed_payout();

ALTER TABLE settlement_correction
  ADD CONSTRAINT settlement_correction_direction CHECK (direction IN ('pay', 'claw-back')),
  ADD CONSTRAINT settlement_correction_state CHECK (state IN ('open', 'settled')),
  ADD CONSTRAINT settlement_correction_amount CHECK (
    amount > 0 AND from_rebate >= 0 AND from_prepaid >= 0 AND from_deposit >= 0 AND from_cash >= 0
    AND from_rebate + from_prepaid + from_deposit + from_cash <= amount
  ),
  ADD CONSTRAINT settlement_correction_settled CHECK (
    direction = 'pay' OR (state = 'settled') = (from_rebate + from_prepaid + from_deposit + from_cash = amount)
  );
ALTER TABLE settlement_event
  ADD CONSTRAINT settlement_event_state CHECK (state IN ('caught', 'computed', 'booked', 'confirmed', 'reversed', 'ignored')),
  ADD CONSTRAINT settlement_event_kind CHECK (kind IN ('commission', 'sharing')),
  ADD CONSTRAINT settlement_event_period CHECK (period ~ '^\d{4}-(0[1-9]|1[0-2])$');

-- ── Ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE ledger_account
  ADD CONSTRAINT ledger_account_kind CHECK (kind IN ('deposit', 'rebate', 'prepaid', 'commission', 'transit', 'bank', 'cash')),
  ADD CONSTRAINT ledger_account_of CHECK ((kind IN ('deposit', 'rebate', 'prepaid')) = (agent_id IS NOT NULL) AND (agent_id IS NULL) = (balance IS NULL)),
  -- However many payouts come at once: the row's lock puts them in turn, and this refuses the one for which too little is left.
  ADD CONSTRAINT ledger_account_not_overdrawn CHECK (balance >= 0);
INSERT INTO ledger_account (id, kind) VALUES ('commission', 'commission'), ('transit', 'transit'), ('bank', 'bank'), ('cash', 'cash');
ALTER TABLE ledger_line ADD CONSTRAINT ledger_line_amount CHECK (amount <> 0), ADD CONSTRAINT ledger_line_n CHECK (n >= 1);

CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_line_append_only BEFORE UPDATE OR DELETE ON ledger_line FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_line_no_truncate BEFORE TRUNCATE ON ledger_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION ledger_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.tx := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END
$$;
CREATE TRIGGER ledger_entry_stamp BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_stamp();

-- Lines come with their entry; a later one would change what has been booked, even where it balanced.
CREATE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE late bigint;
BEGIN
  SELECT e.id INTO late FROM (SELECT DISTINCT entry_id FROM added) a JOIN ledger_entry e ON e.id = a.entry_id
   WHERE e.tx <> pg_current_xact_id()::text::bigint LIMIT 1;
  IF late IS NOT NULL THEN
    RAISE EXCEPTION 'ledger entry % is booked: nothing is added to it', late
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Book an entry of its own.';
  END IF;
  -- In one order for everybody, so that two bookings of several accounts don't wait for each other; and beside the lock that every
  -- new line holds on its account, which a stronger one would wait for, both for each other's.
  PERFORM 1 FROM ledger_account a WHERE a.balance IS NOT NULL AND a.id IN (SELECT account_id FROM added) ORDER BY a.id FOR NO KEY UPDATE;
  UPDATE ledger_account a SET balance = a.balance + d.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM added GROUP BY account_id) d
   WHERE a.id = d.account_id AND a.balance IS NOT NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER ledger_line_post AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_post();

CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE lines int; total numeric;
BEGIN
  SELECT count(*), coalesce(sum(amount), 0) INTO lines, total FROM ledger_line WHERE entry_id = NEW.id;
  IF lines < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'ledger entry % (%) has % lines and is % fen out of balance', NEW.id, NEW.ref, lines, total
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balanced';
  END IF;
  RETURN NULL;
END
$$;
-- Lines only come with their entry, so that looking at new entries is enough.
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON ledger_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced();
-- A balance is what the lines add up to: nothing else writes it.
CREATE FUNCTION refuse_balance_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'the balance of % follows from its lines', OLD.id
      USING ERRCODE = 'integrity_constraint_violation', HINT = 'Book an entry.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER ledger_account_balance BEFORE UPDATE OF balance ON ledger_account FOR EACH ROW
  WHEN (NEW.balance IS DISTINCT FROM OLD.balance) EXECUTE FUNCTION refuse_balance_by_hand();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_append_only, ENABLE ALWAYS TRIGGER ledger_entry_no_truncate,
  ENABLE ALWAYS TRIGGER ledger_balanced, ENABLE ALWAYS TRIGGER ledger_entry_stamp;
ALTER TABLE ledger_line ENABLE ALWAYS TRIGGER ledger_line_append_only, ENABLE ALWAYS TRIGGER ledger_line_no_truncate,
  ENABLE ALWAYS TRIGGER ledger_line_post;

-- Every agent has his three sub-accounts from the beginning.
CREATE FUNCTION open_sub_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_account (id, kind, agent_id, balance)
    SELECT added.id || '/' || k, k, added.id, 0 FROM added, unnest(ARRAY['deposit', 'rebate', 'prepaid']) AS k;
  RETURN NULL;
END
$$;
CREATE TRIGGER agent_sub_accounts AFTER INSERT ON agent REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION open_sub_accounts();
