-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "orders" (
    "id" TEXT NOT NULL,
    "no" TEXT,
    "process" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "end" TEXT,
    "customer_id" TEXT NOT NULL,
    "service_id" TEXT,
    "contract_id" TEXT,
    "region_path" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "grade" TEXT,
    "source_channel" TEXT,
    "source_no" TEXT,
    "parent_id" TEXT,
    "parent_key" TEXT,
    "continued_from" TEXT,
    "continued_as" TEXT,
    "started_by" TEXT,
    "responsible_id" TEXT,
    "seq" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "next_due_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_event" (
    "order_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "move_seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "on_behalf_of" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "cmd" TEXT,
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "order_event_pkey" PRIMARY KEY ("order_id","seq")
);

-- CreateTable
CREATE TABLE "order_command" (
    "order_id" TEXT NOT NULL,
    "command_id" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_command_pkey" PRIMARY KEY ("order_id","command_id")
);

-- CreateTable
CREATE TABLE "task" (
    "order_id" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "key" TEXT,
    "n" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "unit_id" TEXT,
    "person_id" TEXT,
    "queue" TEXT,
    "queue_unit_id" TEXT,
    "absent_id" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "form" JSONB,
    "note" TEXT,
    "done_by" TEXT,
    "done_for" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "next_rung_at" TIMESTAMPTZ(3),
    "breached_at" TIMESTAMPTZ(3),
    "region_path" TEXT NOT NULL,
    "process" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "refusals" INTEGER NOT NULL DEFAULT 0,
    "advice" JSONB,

    CONSTRAINT "task_pkey" PRIMARY KEY ("order_id","task")
);

-- CreateTable
CREATE TABLE "signature" (
    "order_id" TEXT NOT NULL,
    "task" TEXT NOT NULL,
    "party" TEXT NOT NULL,
    "title_en" TEXT,
    "title_zh" TEXT,
    "roles" TEXT[],
    "mandatory" BOOLEAN NOT NULL,
    "unit_id" TEXT,
    "person_id" TEXT,
    "answer" TEXT,
    "opinion" TEXT,
    "signed_by" TEXT,
    "signed_for" TEXT,
    "asked_at" TIMESTAMPTZ(3),
    "signed_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "signature_pkey" PRIMARY KEY ("order_id","task","party")
);

-- CreateTable
CREATE TABLE "clock" (
    "order_id" TEXT NOT NULL,
    "clock" TEXT NOT NULL,
    "task" TEXT,
    "kind" TEXT NOT NULL,
    "calendar" TEXT NOT NULL,
    "budget_ms" BIGINT NOT NULL,
    "used_ms" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "pause_party" TEXT,
    "pause_reason" TEXT,
    "paused_until" TIMESTAMPTZ(3),
    "stopped_at" TIMESTAMPTZ(3),
    "mark" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "ladder" TEXT NOT NULL,
    "provisional" BOOLEAN NOT NULL,

    CONSTRAINT "clock_pkey" PRIMARY KEY ("order_id","clock")
);

-- CreateTable
CREATE TABLE "rung" (
    "order_id" TEXT NOT NULL,
    "clock" TEXT NOT NULL,
    "pct" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "task" TEXT,
    "step" TEXT,
    "fired_at" TIMESTAMPTZ(3) NOT NULL,
    "late_ms" BIGINT NOT NULL,
    "holder_id" TEXT,
    "unit_id" TEXT,
    "region_path" TEXT NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "rung_pkey" PRIMARY KEY ("order_id","clock","pct","due_at")
);

-- CreateTable
CREATE TABLE "offer" (
    "order_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "task" TEXT NOT NULL,
    "party" TEXT,
    "digest" TEXT NOT NULL,
    "chosen" TEXT,
    "explanation" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "offer_pkey" PRIMARY KEY ("order_id","seq")
);

-- CreateTable
CREATE TABLE "order_text" (
    "digest" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "order_text_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "topic" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "dedupe" TEXT NOT NULL DEFAULT '',
    "payload" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" BIGSERIAL NOT NULL,
    "order_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "template" TEXT NOT NULL,
    "recipient_kind" TEXT NOT NULL,
    "staff_id" TEXT,
    "contact_id" TEXT,
    "channel" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attachment" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "task" TEXT,
    "name" TEXT NOT NULL,
    "mime" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "uploaded_by" TEXT NOT NULL,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "compensation" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "contract_id" TEXT,
    "clause" TEXT,
    "agreement_order_id" TEXT,
    "amount" BIGINT NOT NULL,
    "basis" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "proposed_by" TEXT NOT NULL,
    "approved_by" TEXT,
    "paid_at" TIMESTAMPTZ(3),

    CONSTRAINT "compensation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fault_case" (
    "order_id" TEXT NOT NULL,
    "product" TEXT NOT NULL,
    "site" TEXT,
    "symptom" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "solution" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "fault_case_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "business_request" (
    "id" TEXT NOT NULL,
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',

    CONSTRAINT "business_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_row" (
    "source" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "order_id" TEXT,
    "state" TEXT NOT NULL,
    "error" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "import_row_pkey" PRIMARY KEY ("source","source_id")
);

-- CreateTable
CREATE TABLE "region" (
    "path" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "level" TEXT NOT NULL,

    CONSTRAINT "region_pkey" PRIMARY KEY ("path")
);

-- CreateTable
CREATE TABLE "org_unit" (
    "id" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "region_path" TEXT NOT NULL,
    "parent_id" TEXT,
    "leader_id" TEXT,

    CONSTRAINT "org_unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff" (
    "id" TEXT NOT NULL,
    "login" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "phone" TEXT,
    "email" TEXT,
    "unit_id" TEXT NOT NULL,
    "region_path" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "lang" TEXT NOT NULL DEFAULT 'zh',

    CONSTRAINT "staff_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff_role" (
    "staff_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "unit_id" TEXT NOT NULL,

    CONSTRAINT "staff_role_pkey" PRIMARY KEY ("staff_id","role","unit_id")
);

-- CreateTable
CREATE TABLE "staff_skill" (
    "staff_id" TEXT NOT NULL,
    "skill" TEXT NOT NULL,
    "level" INTEGER NOT NULL,

    CONSTRAINT "staff_skill_pkey" PRIMARY KEY ("staff_id","skill")
);

-- CreateTable
CREATE TABLE "shift" (
    "staff_id" TEXT NOT NULL,
    "weekday" INTEGER NOT NULL,
    "from_minute" INTEGER NOT NULL,
    "to_minute" INTEGER NOT NULL,
    "calendar" TEXT NOT NULL,

    CONSTRAINT "shift_pkey" PRIMARY KEY ("staff_id","weekday","from_minute")
);

-- CreateTable
CREATE TABLE "absence" (
    "id" TEXT NOT NULL,
    "staff_id" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "absence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delegation" (
    "id" TEXT NOT NULL,
    "from_id" TEXT NOT NULL,
    "to_id" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "roles" TEXT[],

    CONSTRAINT "delegation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "grade" TEXT NOT NULL,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "region_path" TEXT NOT NULL,
    "account_manager_id" TEXT,
    "address" TEXT,
    "phone" TEXT,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "position" TEXT,
    "phone" TEXT,
    "email" TEXT,
    "is_primary" BOOLEAN NOT NULL DEFAULT false,
    "lang" TEXT NOT NULL DEFAULT 'zh',

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product" (
    "id" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "product_group" TEXT NOT NULL,
    "skill" TEXT NOT NULL,
    "vendor_unit_id" TEXT,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "site" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "region_path" TEXT NOT NULL,
    "address" TEXT,

    CONSTRAINT "site_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service" (
    "id" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "site_id" TEXT,
    "region_path" TEXT NOT NULL,
    "circuit_grade" TEXT,
    "status" TEXT NOT NULL DEFAULT 'active',
    "contract_id" TEXT,
    "has_standby" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contract" (
    "id" TEXT NOT NULL,
    "no" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "term_months" INTEGER NOT NULL,
    "due_date" DATE,
    "activation_clause" TEXT,
    "compensation_clause" TEXT,
    "signed_at" TIMESTAMPTZ(3),
    "archive_no" TEXT,
    "drafted_by" TEXT,

    CONSTRAINT "contract_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contract_version" (
    "contract_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "order_id" TEXT,
    "text" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "discount_pct" DOUBLE PRECISION NOT NULL,
    "drafted_by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contract_version_pkey" PRIMARY KEY ("contract_id","version")
);

-- CreateTable
CREATE TABLE "calendar" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "spec" JSONB NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "calendar_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "policy" (
    "id" BIGSERIAL NOT NULL,
    "process" TEXT,
    "step" TEXT,
    "kind" TEXT NOT NULL,
    "clock" TEXT,
    "product_group" TEXT,
    "product" TEXT,
    "customer_grade" TEXT,
    "circuit_grade" TEXT,
    "tag" TEXT,
    "budget" TEXT,
    "calendar" TEXT NOT NULL,
    "ladder" TEXT NOT NULL,
    "mark" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,
    "valid_to" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ladder" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "rungs" JSONB NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ladder_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "authority_rule" (
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "max_amount" BIGINT NOT NULL,
    "max_term_months" INTEGER NOT NULL,
    "max_discount_pct" DOUBLE PRECISION NOT NULL,
    "valid_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "authority_rule_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "session" (
    "token_hash" TEXT NOT NULL,
    "staff_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "user_agent" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" TEXT NOT NULL,
    "staff_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "principal" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("principal","key")
);

-- CreateIndex
CREATE UNIQUE INDEX "orders_no_key" ON "orders"("no");

-- CreateIndex
CREATE INDEX "orders_opened_at_id_idx" ON "orders"("opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_customer_id_opened_at_id_idx" ON "orders"("customer_id", "opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_region_path_opened_at_id_idx" ON "orders"("region_path", "opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_process_opened_at_id_idx" ON "orders"("process", "opened_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "orders_service_id_idx" ON "orders"("service_id");

-- CreateIndex
CREATE INDEX "orders_contract_id_idx" ON "orders"("contract_id");

-- CreateIndex
CREATE INDEX "orders_parent_id_idx" ON "orders"("parent_id");

-- CreateIndex
CREATE INDEX "order_event_at_idx" ON "order_event"("at");

-- CreateIndex
CREATE INDEX "order_event_actor_id_at_idx" ON "order_event"("actor_id", "at");

-- CreateIndex
CREATE INDEX "rung_fired_at_order_id_clock_pct_idx" ON "rung"("fired_at" DESC, "order_id", "clock", "pct");

-- CreateIndex
CREATE INDEX "rung_region_path_fired_at_order_id_clock_pct_idx" ON "rung"("region_path", "fired_at" DESC, "order_id", "clock", "pct");

-- CreateIndex
CREATE INDEX "rung_holder_id_fired_at_idx" ON "rung"("holder_id", "fired_at" DESC);

-- CreateIndex
CREATE INDEX "offer_order_id_task_idx" ON "offer"("order_id", "task");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_order_id_seq_topic_dedupe_key" ON "outbox"("order_id", "seq", "topic", "dedupe");

-- CreateIndex
CREATE UNIQUE INDEX "notification_once" ON "notification"("order_id", "seq", "template", "recipient_kind", "staff_id", "contact_id", "channel");

-- CreateIndex
CREATE INDEX "attachment_order_id_uploaded_at_idx" ON "attachment"("order_id", "uploaded_at");

-- CreateIndex
CREATE UNIQUE INDEX "compensation_order_id_n_key" ON "compensation"("order_id", "n");

-- CreateIndex
CREATE INDEX "fault_case_product_closed_at_idx" ON "fault_case"("product", "closed_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "business_request_order_id_key" ON "business_request"("order_id");

-- CreateIndex
CREATE INDEX "business_request_customer_id_idx" ON "business_request"("customer_id");

-- CreateIndex
CREATE INDEX "import_row_order_id_idx" ON "import_row"("order_id");

-- CreateIndex
CREATE INDEX "org_unit_parent_id_idx" ON "org_unit"("parent_id");

-- CreateIndex
CREATE INDEX "org_unit_region_path_idx" ON "org_unit"("region_path");

-- CreateIndex
CREATE UNIQUE INDEX "staff_login_key" ON "staff"("login");

-- CreateIndex
CREATE INDEX "staff_unit_id_idx" ON "staff"("unit_id");

-- CreateIndex
CREATE INDEX "staff_region_path_idx" ON "staff"("region_path");

-- CreateIndex
CREATE INDEX "staff_role_role_unit_id_idx" ON "staff_role"("role", "unit_id");

-- CreateIndex
CREATE INDEX "staff_skill_skill_idx" ON "staff_skill"("skill");

-- CreateIndex
CREATE INDEX "delegation_to_id_idx" ON "delegation"("to_id");

-- CreateIndex
CREATE UNIQUE INDEX "customer_no_key" ON "customer"("no");

-- CreateIndex
CREATE INDEX "customer_region_path_no_idx" ON "customer"("region_path", "no");

-- CreateIndex
CREATE INDEX "customer_account_manager_id_idx" ON "customer"("account_manager_id");

-- CreateIndex
CREATE INDEX "contact_customer_id_idx" ON "contact"("customer_id");

-- CreateIndex
CREATE INDEX "site_customer_id_idx" ON "site"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_no_key" ON "service"("no");

-- CreateIndex
CREATE INDEX "service_customer_id_idx" ON "service"("customer_id");

-- CreateIndex
CREATE INDEX "service_product_id_idx" ON "service"("product_id");

-- CreateIndex
CREATE INDEX "service_region_path_no_idx" ON "service"("region_path", "no");

-- CreateIndex
CREATE UNIQUE INDEX "contract_no_key" ON "contract"("no");

-- CreateIndex
CREATE UNIQUE INDEX "contract_archive_no_key" ON "contract"("archive_no");

-- CreateIndex
CREATE INDEX "contract_customer_id_idx" ON "contract"("customer_id");

-- CreateIndex
CREATE INDEX "contract_version_order_id_idx" ON "contract_version"("order_id");

-- CreateIndex
CREATE INDEX "policy_kind_process_step_idx" ON "policy"("kind", "process", "step");

-- CreateIndex
CREATE UNIQUE INDEX "authority_rule_role_level_version_key" ON "authority_rule"("role", "level", "version");

-- CreateIndex
CREATE INDEX "session_staff_id_idx" ON "session"("staff_id");

-- CreateIndex
CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_token_hash_key" ON "api_token"("token_hash");

-- CreateIndex
CREATE INDEX "api_token_staff_id_idx" ON "api_token"("staff_id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "orders" ADD CONSTRAINT "orders_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_event" ADD CONSTRAINT "order_event_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_command" ADD CONSTRAINT "order_command_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signature" ADD CONSTRAINT "signature_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "clock" ADD CONSTRAINT "clock_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rung" ADD CONSTRAINT "rung_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "offer" ADD CONSTRAINT "offer_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "compensation" ADD CONSTRAINT "compensation_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "compensation" ADD CONSTRAINT "compensation_agreement_order_id_fkey" FOREIGN KEY ("agreement_order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "compensation" ADD CONSTRAINT "compensation_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fault_case" ADD CONSTRAINT "fault_case_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business_request" ADD CONSTRAINT "business_request_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "business_request" ADD CONSTRAINT "business_request_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_row" ADD CONSTRAINT "import_row_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "org_unit" ADD CONSTRAINT "org_unit_region_path_fkey" FOREIGN KEY ("region_path") REFERENCES "region"("path") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "org_unit" ADD CONSTRAINT "org_unit_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "org_unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "org_unit" ADD CONSTRAINT "org_unit_leader_id_fkey" FOREIGN KEY ("leader_id") REFERENCES "staff"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff" ADD CONSTRAINT "staff_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "org_unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff" ADD CONSTRAINT "staff_region_path_fkey" FOREIGN KEY ("region_path") REFERENCES "region"("path") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_role" ADD CONSTRAINT "staff_role_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_role" ADD CONSTRAINT "staff_role_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "org_unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "staff_skill" ADD CONSTRAINT "staff_skill_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shift" ADD CONSTRAINT "shift_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "absence" ADD CONSTRAINT "absence_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_region_path_fkey" FOREIGN KEY ("region_path") REFERENCES "region"("path") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_account_manager_id_fkey" FOREIGN KEY ("account_manager_id") REFERENCES "staff"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "product" ADD CONSTRAINT "product_vendor_unit_id_fkey" FOREIGN KEY ("vendor_unit_id") REFERENCES "org_unit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "site" ADD CONSTRAINT "site_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "site" ADD CONSTRAINT "site_region_path_fkey" FOREIGN KEY ("region_path") REFERENCES "region"("path") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "site"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_region_path_fkey" FOREIGN KEY ("region_path") REFERENCES "region"("path") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contract" ADD CONSTRAINT "contract_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contract_version" ADD CONSTRAINT "contract_version_contract_id_fkey" FOREIGN KEY ("contract_id") REFERENCES "contract"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contract_version" ADD CONSTRAINT "contract_version_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ═════════════════════════════════════════════════════════════════════════════════════════════════════════════════════
-- Written by hand: what the schema language has no words for. Keep this part when the generated part is written anew.
-- ═════════════════════════════════════════════════════════════════════════════════════════════════════════════════════

-- ── Extensions and sequences ───────────────────────────────────────────────────────────────────────────────────────

-- Exclusion constraints compare a person (text, =) beside a range (&&).
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Running part of the order numbers. Gaps are allowed; a number is never given twice.
CREATE SEQUENCE order_no;

-- ── Region paths compare byte by byte ──────────────────────────────────────────────────────────────────────────────
-- So that "this region and all below" is a range of the index (>= '/cn/js/' and < '/cn/js0'), whatever the database's locale.

ALTER TABLE region ALTER COLUMN path TYPE TEXT COLLATE "C";
ALTER TABLE org_unit ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE staff ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE customer ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE site ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE service ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE orders ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE task ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE rung ALTER COLUMN region_path TYPE TEXT COLLATE "C";

-- ── Append-only ────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation',
          HINT = 'History is corrected by a new event, never by changing an old one.';
END
$$;

CREATE TRIGGER order_event_append_only BEFORE UPDATE OR DELETE ON order_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_event_no_truncate BEFORE TRUNCATE ON order_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Events name long texts by digest: a text that changed would break what they say.
CREATE TRIGGER order_text_append_only BEFORE UPDATE OR DELETE ON order_text
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER order_text_no_truncate BEFORE TRUNCATE ON order_text
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Also where a session has turned ordinary triggers off (session_replication_role = replica).
ALTER TABLE order_event ENABLE ALWAYS TRIGGER order_event_append_only, ENABLE ALWAYS TRIGGER order_event_no_truncate;
ALTER TABLE order_text ENABLE ALWAYS TRIGGER order_text_append_only, ENABLE ALWAYS TRIGGER order_text_no_truncate;

-- ── Orders: one move writes many tables, in whatever sequence suits it ─────────────────────────────────────────────

ALTER TABLE order_event ALTER CONSTRAINT order_event_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE order_command ALTER CONSTRAINT order_command_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE task ALTER CONSTRAINT task_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE signature ALTER CONSTRAINT signature_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE clock ALTER CONSTRAINT clock_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE rung ALTER CONSTRAINT rung_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE offer ALTER CONSTRAINT offer_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE outbox ALTER CONSTRAINT outbox_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE notification ALTER CONSTRAINT notification_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE attachment ALTER CONSTRAINT attachment_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE compensation ALTER CONSTRAINT compensation_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE compensation ALTER CONSTRAINT compensation_agreement_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE fault_case ALTER CONSTRAINT fault_case_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE business_request ALTER CONSTRAINT business_request_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE contract_version ALTER CONSTRAINT contract_version_order_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE import_row ALTER CONSTRAINT import_row_order_id_fkey DEFERRABLE INITIALLY DEFERRED;

-- Rows that every move rewrites: room in the page keeps the rewrite there.
ALTER TABLE orders SET (fillfactor = 80);
ALTER TABLE task SET (fillfactor = 80);
ALTER TABLE clock SET (fillfactor = 80);

-- One running order per number of a source (catalogue 0.3 KEY).
CREATE UNIQUE INDEX orders_source ON orders (source_channel, source_no)
  WHERE source_channel IS NOT NULL AND source_no IS NOT NULL;
CREATE INDEX orders_open_due ON orders (next_due_at, id) WHERE status IN ('open', 'withdrawing');
CREATE INDEX orders_responsible ON orders (responsible_id, opened_at DESC, id DESC) WHERE responsible_id IS NOT NULL;
CREATE INDEX orders_started_by ON orders (started_by, opened_at DESC, id DESC) WHERE started_by IS NOT NULL;
CREATE INDEX orders_stopped ON orders (updated_at) WHERE status = 'stopped';

ALTER TABLE orders
  ADD CONSTRAINT orders_status CHECK (status IN ('open', 'withdrawing', 'closed', 'stopped')),
  ADD CONSTRAINT orders_end CHECK (status <> 'closed' OR ("end" IS NOT NULL AND closed_at IS NOT NULL)),
  ADD CONSTRAINT orders_priority CHECK (priority BETWEEN 1 AND 4),
  ADD CONSTRAINT orders_seq CHECK (seq >= 1),
  ADD CONSTRAINT orders_parent CHECK (parent_key IS NULL OR parent_id IS NOT NULL);

ALTER TABLE order_event
  ADD CONSTRAINT order_event_seq CHECK (seq >= 1 AND move_seq >= seq),
  ADD CONSTRAINT order_event_actor CHECK (actor_kind IN ('person', 'system', 'clock', 'order'));

-- ── Tasks ──────────────────────────────────────────────────────────────────────────────────────────────────────────
-- All open: null due instants sort last, (order_id, task) makes the keyset unique.

-- My open tasks; also how many a person has (index-only count).
CREATE INDEX task_mine ON task (person_id, due_at, order_id, task) WHERE closed_at IS NULL AND person_id IS NOT NULL;
CREATE INDEX task_unit ON task (unit_id, due_at, order_id, task) WHERE closed_at IS NULL AND unit_id IS NOT NULL;
CREATE INDEX task_queue ON task (queue, queue_unit_id, due_at, order_id, task) WHERE closed_at IS NULL AND queue IS NOT NULL;
CREATE INDEX task_undispatched ON task (due_at, order_id, task) WHERE status = 'undispatched';
-- The whole board, and what is overdue (due_at < the asker's instant).
CREATE INDEX task_open ON task (due_at, order_id, task) WHERE closed_at IS NULL;
CREATE INDEX task_region ON task (region_path, due_at, order_id, task) WHERE closed_at IS NULL;
CREATE INDEX task_done_by ON task (done_by, closed_at DESC, order_id, task) WHERE done_by IS NOT NULL;

ALTER TABLE task
  ADD CONSTRAINT task_status CHECK (status IN ('undispatched', 'offered', 'accepted', 'suspended', 'automatic', 'child', 'done', 'cancelled')),
  ADD CONSTRAINT task_closed CHECK ((status IN ('done', 'cancelled')) = (closed_at IS NOT NULL)),
  ADD CONSTRAINT task_outcome CHECK (status <> 'done' OR outcome IS NOT NULL),
  ADD CONSTRAINT task_n CHECK (n >= 1),
  ADD CONSTRAINT task_refusals CHECK (refusals >= 0),
  ADD CONSTRAINT task_priority CHECK (priority BETWEEN 1 AND 4);

CREATE INDEX signature_mine ON signature (person_id, asked_at, order_id, task, party)
  WHERE answer IS NULL AND removed_at IS NULL AND person_id IS NOT NULL;
CREATE INDEX signature_unit ON signature (unit_id, asked_at, order_id, task, party)
  WHERE answer IS NULL AND removed_at IS NULL AND unit_id IS NOT NULL;
ALTER TABLE signature ALTER COLUMN roles SET NOT NULL,
  ADD CONSTRAINT signature_signed CHECK (answer IS NULL OR (signed_by IS NOT NULL AND signed_at IS NOT NULL));

-- ── Clocks and rungs ───────────────────────────────────────────────────────────────────────────────────────────────

CREATE INDEX clock_running ON clock (due_at, order_id, clock) WHERE stopped_at IS NULL AND paused_at IS NULL;
ALTER TABLE clock
  ADD CONSTRAINT clock_kind CHECK (kind IN ('dispatch', 'accept', 'complete', 'order')),
  ADD CONSTRAINT clock_mark CHECK (mark IN ('given', 'inferred', 'default', 'demo')),
  ADD CONSTRAINT clock_amounts CHECK (budget_ms >= 0 AND used_ms >= 0);

-- Breaches that are still open, newest first.
CREATE INDEX rung_open ON rung (fired_at DESC, order_id, clock, pct) WHERE settled_at IS NULL;
ALTER TABLE rung ADD CONSTRAINT rung_pct CHECK (pct > 0);

-- ── Messages ───────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE INDEX outbox_due ON outbox (next_at, id) WHERE state IN ('pending', 'failed');
ALTER TABLE outbox ADD CONSTRAINT outbox_state CHECK (state IN ('pending', 'sent', 'failed', 'dead'));

-- Of the two recipient columns one is always null: nulls must count as equal.
DROP INDEX notification_once;
CREATE UNIQUE INDEX notification_once
  ON notification (order_id, seq, template, recipient_kind, staff_id, contact_id, channel) NULLS NOT DISTINCT;
CREATE INDEX signature_signed_by ON signature (signed_by, order_id) WHERE signed_by IS NOT NULL;
CREATE INDEX notification_due ON notification (next_at, id) WHERE state IN ('pending', 'failed');
CREATE INDEX notification_inbox ON notification (staff_id, id DESC) WHERE channel = 'inbox';
CREATE INDEX notification_unread ON notification (staff_id, id DESC) WHERE channel = 'inbox' AND read_at IS NULL;
ALTER TABLE notification
  ADD CONSTRAINT notification_state CHECK (state IN ('pending', 'sent', 'failed', 'read', 'dead')),
  ADD CONSTRAINT notification_channel CHECK (channel IN ('inbox', 'email')),
  ADD CONSTRAINT notification_recipient CHECK (
    (recipient_kind = 'staff' AND staff_id IS NOT NULL AND contact_id IS NULL) OR (recipient_kind = 'customer' AND staff_id IS NULL)
  );

-- ── What orders leave behind ───────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE attachment
  ADD CONSTRAINT attachment_size CHECK (size >= 0),
  ADD CONSTRAINT attachment_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$');

ALTER TABLE compensation
  ADD CONSTRAINT compensation_n CHECK (n >= 1),
  ADD CONSTRAINT compensation_amount CHECK (amount >= 0),
  ADD CONSTRAINT compensation_basis CHECK (basis IN ('clause', 'agreement')),
  ADD CONSTRAINT compensation_state CHECK (state IN ('proposed', 'approved', 'agreed', 'paid', 'waived', 'void')),
  -- P-12 rule 3: no payment without a clause or a signed agreement.
  ADD CONSTRAINT compensation_paid CHECK (
    state <> 'paid'
    OR (paid_at IS NOT NULL AND CASE basis WHEN 'clause' THEN clause IS NOT NULL ELSE agreement_order_id IS NOT NULL END)
  );

ALTER TABLE business_request ADD CONSTRAINT business_request_state CHECK (state IN ('open', 'taken', 'dropped'));
ALTER TABLE import_row ADD CONSTRAINT import_row_state CHECK (
  state = 'pending' OR (state = 'started' AND order_id IS NOT NULL) OR (state = 'rejected' AND error IS NOT NULL)
);

-- ── Organisation ───────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE region
  ADD CONSTRAINT region_path CHECK (path ~ '^(/[a-z0-9-]+)+$'),
  ADD CONSTRAINT region_level CHECK (level IN ('province', 'city', 'county'));
ALTER TABLE org_unit ADD CONSTRAINT org_unit_parent CHECK (parent_id <> id);
ALTER TABLE staff
  ADD CONSTRAINT staff_login CHECK (login ~ '^[a-z0-9._-]{2,64}$'),
  ADD CONSTRAINT staff_lang CHECK (lang IN ('zh', 'en'));
ALTER TABLE staff_skill ADD CONSTRAINT staff_skill_level CHECK (level BETWEEN 1 AND 3);
ALTER TABLE shift ADD CONSTRAINT shift_hours CHECK (weekday BETWEEN 1 AND 7 AND from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440);

ALTER TABLE shift ADD CONSTRAINT shift_no_overlap
  EXCLUDE USING gist (staff_id WITH =, weekday WITH =, int4range(from_minute, to_minute) WITH &&);
ALTER TABLE absence
  ADD CONSTRAINT absence_range CHECK (from_at < to_at),
  ADD CONSTRAINT absence_no_overlap EXCLUDE USING gist (staff_id WITH =, tstzrange(from_at, to_at) WITH &&);
-- One delegate at a time, so that "who acts for her now" has one answer.
ALTER TABLE delegation
  ADD CONSTRAINT delegation_range CHECK (from_at < to_at),
  ADD CONSTRAINT delegation_not_self CHECK (from_id <> to_id),
  ADD CONSTRAINT delegation_no_overlap EXCLUDE USING gist (from_id WITH =, tstzrange(from_at, to_at) WITH &&);

-- ── Customers ──────────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE customer ALTER COLUMN tags SET NOT NULL,
  ADD CONSTRAINT customer_grade CHECK (grade IN ('group', 'province', 'local-a', 'local-b', 'local-c'));
CREATE UNIQUE INDEX contact_primary ON contact (customer_id) WHERE is_primary;
ALTER TABLE contact ADD CONSTRAINT contact_lang CHECK (lang IN ('zh', 'en'));
ALTER TABLE product ADD CONSTRAINT product_product_group CHECK (
  product_group IN ('bandwidth', 'voice-centrex', 'voice-800', 'e-tong', 'desk', 'demo')
);
ALTER TABLE service
  ADD CONSTRAINT service_circuit_grade CHECK (circuit_grade IN ('A', 'B', 'C')),
  ADD CONSTRAINT service_status CHECK (status IN ('active', 'suspended', 'ended'));
ALTER TABLE contract
  ADD CONSTRAINT contract_status CHECK (status IN ('draft', 'countersigning', 'signed', 'void')),
  ADD CONSTRAINT contract_amounts CHECK (amount >= 0 AND term_months >= 0),
  ADD CONSTRAINT contract_signed CHECK (status <> 'signed' OR signed_at IS NOT NULL);
ALTER TABLE contract_version
  ADD CONSTRAINT contract_version_n CHECK (version >= 1),
  ADD CONSTRAINT contract_version_amounts CHECK (amount >= 0 AND discount_pct BETWEEN 0 AND 100);

-- ── Limits ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- One open-ended row per combination: two would make the limit a matter of luck.
CREATE UNIQUE INDEX policy_current
  ON policy (kind, process, step, clock, product_group, product, customer_grade, circuit_grade, tag) NULLS NOT DISTINCT
  WHERE valid_to IS NULL;
ALTER TABLE policy
  ADD CONSTRAINT policy_kind CHECK (kind IN ('dispatch', 'accept', 'complete', 'order')),
  ADD CONSTRAINT policy_clock CHECK ((kind = 'order') = (clock IS NOT NULL)),
  ADD CONSTRAINT policy_mark CHECK (mark IN ('given', 'inferred', 'default', 'demo')),
  ADD CONSTRAINT policy_grade CHECK (customer_grade IN ('group', 'province', 'local-a', 'local-b', 'local-c')),
  ADD CONSTRAINT policy_circuit_grade CHECK (circuit_grade IN ('A', 'B', 'C')),
  ADD CONSTRAINT policy_range CHECK (valid_to IS NULL OR valid_from < valid_to),
  ADD CONSTRAINT policy_version CHECK (version >= 1);
ALTER TABLE ladder ADD CONSTRAINT ladder_rungs CHECK (jsonb_typeof(rungs) = 'array' AND version >= 1);
ALTER TABLE calendar ADD CONSTRAINT calendar_spec CHECK (jsonb_typeof(spec) = 'object' AND version >= 1);
ALTER TABLE authority_rule
  ADD CONSTRAINT authority_rule_level CHECK (level IN ('province', 'city', 'county')),
  ADD CONSTRAINT authority_rule_limits CHECK (max_amount >= 0 AND max_term_months >= 0 AND max_discount_pct BETWEEN 0 AND 100 AND version >= 1);

-- ── Access ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE session
  ADD CONSTRAINT session_kind CHECK (kind IN ('cookie', 'bearer')),
  ADD CONSTRAINT session_range CHECK (created_at < expires_at);
