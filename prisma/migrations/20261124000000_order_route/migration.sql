-- AlterTable
ALTER TABLE "attachment" ADD COLUMN     "version" INTEGER;

-- AlterTable
ALTER TABLE "staff" ADD COLUMN     "capacity" INTEGER;

-- AlterTable
ALTER TABLE "customer" ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'active';

-- AlterTable
ALTER TABLE "policy" ADD COLUMN     "changed_by" TEXT,
ADD COLUMN     "note" TEXT;

-- AlterTable
ALTER TABLE "ladder" ADD COLUMN     "changed_by" TEXT,
ADD COLUMN     "note" TEXT;

-- AlterTable
ALTER TABLE "authority_rule" ADD COLUMN     "changed_by" TEXT,
ADD COLUMN     "note" TEXT;

-- CreateTable
CREATE TABLE "visit_record" (
    "order_id" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "visitor" TEXT NOT NULL,
    "log" TEXT,
    "record" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "visit_record_pkey" PRIMARY KEY ("order_id","task")
);

-- CreateTable
CREATE TABLE "potential_demand" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "demand" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "review_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',

    CONSTRAINT "potential_demand_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "solution" (
    "id" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "model_id" TEXT,
    "valid_until" TIMESTAMPTZ(3),
    "class" TEXT,

    CONSTRAINT "solution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "solution_version" (
    "solution_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "target" TEXT,
    "content" TEXT NOT NULL,
    "amount" BIGINT,
    "drafted_by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "verdict" TEXT,
    "shown_at" TIMESTAMPTZ(3),
    "shown_by" TEXT,
    "answer" TEXT,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "solution_version_pkey" PRIMARY KEY ("solution_id","version")
);

-- CreateTable
CREATE TABLE "solution_model" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "customer_type" TEXT,
    "product" TEXT,
    "content" TEXT NOT NULL,
    "order_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "solution_model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "bank_no" TEXT NOT NULL,
    "order_id" TEXT,
    "customer_id" TEXT,
    "contract_id" TEXT,
    "reference" TEXT,
    "amount" BIGINT NOT NULL,
    "paid_at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "entered_by" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "refunded_at" TIMESTAMPTZ(3),

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice" (
    "no" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_by" TEXT NOT NULL,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("no")
);

-- CreateTable
CREATE TABLE "activation" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "service_id" TEXT,
    "contract_id" TEXT,
    "confirmed_on" TIMESTAMPTZ(3),
    "activated_at" TIMESTAMPTZ(3) NOT NULL,
    "charge_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "activation_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "acceptance_record" (
    "order_id" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "participants" JSONB NOT NULL,
    "verdict" TEXT NOT NULL,
    "defects" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "acceptance_record_pkey" PRIMARY KEY ("order_id","n")
);

-- CreateTable
CREATE TABLE "project_file" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "resources" TEXT[],
    "content" JSONB NOT NULL,
    "archived_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_by" TEXT NOT NULL,

    CONSTRAINT "project_file_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "complaint" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "business_category" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "complainant" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "home_region" TEXT,
    "level" TEXT,
    "result" TEXT,
    "handled_by" TEXT,
    "handled_at" TIMESTAMPTZ(3),
    "satisfaction" TEXT,
    "need" TEXT,

    CONSTRAINT "complaint_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "suggestion" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "product" TEXT,
    "summary_no" TEXT,
    "decision" TEXT,
    "classification" TEXT,
    "answer" TEXT,
    "thanked_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "suggestion_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "monthly_report" (
    "order_id" TEXT NOT NULL,
    "unit_id" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "month" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "rule_version" INTEGER,
    "selected" TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "monthly_report_pkey" PRIMARY KEY ("order_id","unit_id","n")
);

-- CreateTable
CREATE TABLE "customer_transfer" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "from_unit_id" TEXT,
    "to_unit_id" TEXT,
    "account_manager_id" TEXT NOT NULL,
    "previous_manager" TEXT,
    "rule_version" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customer_transfer_pkey" PRIMARY KEY ("order_id","customer_id")
);

-- CreateTable
CREATE TABLE "resource" (
    "id" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "region_path" TEXT NOT NULL,
    "product" TEXT,
    "blocked" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "resource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resource_hold" (
    "id" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "service_id" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "resource_hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "track_link" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "contact_id" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "track_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rule" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "spec" JSONB NOT NULL,
    "mark" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT,
    "note" TEXT,

    CONSTRAINT "rule_pkey" PRIMARY KEY ("kind","id","version")
);

-- CreateIndex
CREATE INDEX "visit_record_customer_id_at_idx" ON "visit_record"("customer_id", "at" DESC);

-- CreateIndex
CREATE INDEX "potential_demand_state_review_at_idx" ON "potential_demand"("state", "review_at");

-- CreateIndex
CREATE INDEX "potential_demand_customer_id_idx" ON "potential_demand"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "solution_no_key" ON "solution"("no");

-- CreateIndex
CREATE UNIQUE INDEX "solution_order_id_key" ON "solution"("order_id");

-- CreateIndex
CREATE INDEX "solution_customer_id_idx" ON "solution"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_bank_no_key" ON "payment"("bank_no");

-- CreateIndex
CREATE INDEX "payment_order_id_idx" ON "payment"("order_id");

-- CreateIndex
CREATE INDEX "payment_customer_id_idx" ON "payment"("customer_id");

-- CreateIndex
CREATE INDEX "payment_contract_id_idx" ON "payment"("contract_id");

-- CreateIndex
CREATE INDEX "invoice_order_id_idx" ON "invoice"("order_id");

-- CreateIndex
CREATE INDEX "activation_service_id_idx" ON "activation"("service_id");

-- CreateIndex
CREATE INDEX "activation_contract_id_idx" ON "activation"("contract_id");

-- CreateIndex
CREATE INDEX "project_file_customer_id_idx" ON "project_file"("customer_id");

-- CreateIndex
CREATE INDEX "complaint_number_at_idx" ON "complaint"("number", "at" DESC);

-- CreateIndex
CREATE INDEX "complaint_customer_id_at_idx" ON "complaint"("customer_id", "at" DESC);

-- CreateIndex
CREATE INDEX "suggestion_summary_no_idx" ON "suggestion"("summary_no");

-- CreateIndex
CREATE INDEX "customer_transfer_customer_id_idx" ON "customer_transfer"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "resource_no_key" ON "resource"("no");

-- CreateIndex
CREATE INDEX "resource_region_path_kind_no_idx" ON "resource"("region_path", "kind", "no");

-- CreateIndex
CREATE INDEX "resource_hold_order_id_idx" ON "resource_hold"("order_id");

-- CreateIndex
CREATE INDEX "resource_hold_resource_id_idx" ON "resource_hold"("resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "track_link_token_hash_key" ON "track_link"("token_hash");

-- CreateIndex
CREATE INDEX "track_link_order_id_idx" ON "track_link"("order_id");

-- AddForeignKey
ALTER TABLE "visit_record" ADD CONSTRAINT "visit_record_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "potential_demand" ADD CONSTRAINT "potential_demand_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "potential_demand" ADD CONSTRAINT "potential_demand_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "solution" ADD CONSTRAINT "solution_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "solution" ADD CONSTRAINT "solution_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "solution" ADD CONSTRAINT "solution_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "solution_model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "solution_version" ADD CONSTRAINT "solution_version_solution_id_fkey" FOREIGN KEY ("solution_id") REFERENCES "solution"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoice" ADD CONSTRAINT "invoice_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activation" ADD CONSTRAINT "activation_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activation" ADD CONSTRAINT "activation_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activation" ADD CONSTRAINT "activation_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "acceptance_record" ADD CONSTRAINT "acceptance_record_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project_file" ADD CONSTRAINT "project_file_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suggestion" ADD CONSTRAINT "suggestion_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "monthly_report" ADD CONSTRAINT "monthly_report_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_transfer" ADD CONSTRAINT "customer_transfer_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_transfer" ADD CONSTRAINT "customer_transfer_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource" ADD CONSTRAINT "resource_region_path_fkey" FOREIGN KEY ("region_path") REFERENCES "region"("path") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource_hold" ADD CONSTRAINT "resource_hold_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource_hold" ADD CONSTRAINT "resource_hold_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "track_link" ADD CONSTRAINT "track_link_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "track_link" ADD CONSTRAINT "track_link_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- ── By hand: what the schema language has no words for ───────────────────────────────────────────────────────────────

-- The customer himself may answer from his page.
ALTER TABLE order_event
  DROP CONSTRAINT order_event_actor,
  ADD CONSTRAINT order_event_actor CHECK (actor_kind IN ('person', 'customer', 'system', 'clock', 'order'));

-- Numbers of customers that are not yet ours.
CREATE SEQUENCE customer_no;

-- Regions compare byte by byte, as everywhere.
ALTER TABLE resource ALTER COLUMN region_path TYPE TEXT COLLATE "C";

-- Two orders can't hold one resource: a constraint, not a check.
CREATE UNIQUE INDEX resource_hold_once ON resource_hold (resource_id) WHERE released_at IS NULL;
-- What the relay looks for once a minute.
CREATE INDEX resource_hold_asked_until ON resource_hold (until) WHERE state = 'asked';
ALTER TABLE resource_hold
  ADD CONSTRAINT resource_hold_state CHECK (state IN ('asked', 'reserved', 'used', 'released')),
  ADD CONSTRAINT resource_hold_released CHECK ((state = 'released') = (released_at IS NOT NULL)),
  ADD CONSTRAINT resource_hold_asked CHECK ((state = 'asked') = (until IS NOT NULL) OR state = 'released');
ALTER TABLE resource ADD CONSTRAINT resource_kind CHECK (kind IN ('circuit', 'port', 'number'));

ALTER TABLE staff ADD CONSTRAINT staff_capacity CHECK (capacity >= 0);
ALTER TABLE customer ADD CONSTRAINT customer_status CHECK (status IN ('active', 'potential', 'left'));
ALTER TABLE attachment ADD CONSTRAINT attachment_version CHECK (version >= 1);
ALTER TABLE potential_demand ADD CONSTRAINT potential_demand_state CHECK (state IN ('waiting', 'taken'));
ALTER TABLE solution ADD CONSTRAINT solution_status CHECK (status IN ('drafted', 'approved', 'infeasible'));
ALTER TABLE solution_version
  ADD CONSTRAINT solution_version_n CHECK (version >= 1),
  ADD CONSTRAINT solution_version_amount CHECK (amount >= 0);
ALTER TABLE payment
  ADD CONSTRAINT payment_amount CHECK (amount > 0),
  ADD CONSTRAINT payment_source CHECK (source IN ('bank', 'finance')),
  ADD CONSTRAINT payment_state CHECK (state IN ('unmatched', 'matched', 'refund-due', 'refunded')),
  ADD CONSTRAINT payment_matched CHECK (state = 'unmatched' OR order_id IS NOT NULL),
  ADD CONSTRAINT payment_refunded CHECK ((state = 'refunded') = (refunded_at IS NOT NULL));
ALTER TABLE invoice ADD CONSTRAINT invoice_amount CHECK (amount >= 0);
ALTER TABLE acceptance_record
  ADD CONSTRAINT acceptance_record_n CHECK (n >= 1),
  ADD CONSTRAINT acceptance_record_verdict CHECK (verdict IN ('qualified', 'not-qualified'));
ALTER TABLE complaint
  ADD CONSTRAINT complaint_level CHECK (level IN ('self', 'departments', 'yellow', 'red')),
  ADD CONSTRAINT complaint_satisfaction CHECK (satisfaction IN ('satisfied', 'not-satisfied', 'no-answer', 'final-answer'));
ALTER TABLE suggestion ADD CONSTRAINT suggestion_decision CHECK (decision IN ('adopt', 'decline'));
ALTER TABLE monthly_report
  ADD CONSTRAINT monthly_report_n CHECK (n >= 1),
  ADD CONSTRAINT monthly_report_month CHECK (month ~ '^\d{4}-(0[1-9]|1[0-2])$');
ALTER TABLE rule
  ADD CONSTRAINT rule_kind CHECK (kind IN ('dispatch', 'screening', 'repeat', 'review', 'validity')),
  ADD CONSTRAINT rule_version CHECK (version >= 1),
  ADD CONSTRAINT rule_mark CHECK (mark IN ('given', 'inferred', 'default', 'demo'));
