-- CreateTable
CREATE TABLE "credit_rating" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "account" TEXT NOT NULL DEFAULT '',
    "class" TEXT NOT NULL,
    "limit" BIGINT NOT NULL,
    "points" INTEGER,
    "factors" JSONB NOT NULL,
    "rule" INTEGER,
    "rated_by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_rating_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "arrears" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "account" TEXT NOT NULL DEFAULT '',
    "period" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "contacts" INTEGER NOT NULL DEFAULT 0,
    "promised_at" TIMESTAMPTZ(3),
    "restricted_at" TIMESTAMPTZ(3),
    "services" TEXT[],
    "restored_at" TIMESTAMPTZ(3),
    "recovered_at" TIMESTAMPTZ(3),
    "written_off_at" TIMESTAMPTZ(3),

    CONSTRAINT "arrears_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "points_deduction" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "points_deduction_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "loss_record" (
    "order_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "remains" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "loss_record_pkey" PRIMARY KEY ("order_id")
);

-- CreateIndex
CREATE INDEX "credit_rating_customer_id_account_at_idx" ON "credit_rating"("customer_id", "account", "at" DESC);

-- CreateIndex
CREATE INDEX "arrears_customer_id_idx" ON "arrears"("customer_id");

-- AddForeignKey
ALTER TABLE "credit_rating" ADD CONSTRAINT "credit_rating_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_rating" ADD CONSTRAINT "credit_rating_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "arrears" ADD CONSTRAINT "arrears_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "arrears" ADD CONSTRAINT "arrears_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "points_deduction" ADD CONSTRAINT "points_deduction_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "points_deduction" ADD CONSTRAINT "points_deduction_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "loss_record" ADD CONSTRAINT "loss_record_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "loss_record" ADD CONSTRAINT "loss_record_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand: what the schema language has no words for ───────────────────────────────────────────────────────────────

ALTER TABLE credit_rating ADD CONSTRAINT credit_rating_class CHECK (class IN ('red', 'grey', 'black'));
ALTER TABLE arrears ADD CONSTRAINT arrears_amount CHECK (amount > 0), ADD CONSTRAINT arrears_contacts CHECK (contacts >= 0);
ALTER TABLE points_deduction ADD CONSTRAINT points_deduction_points CHECK (points > 0);
ALTER TABLE rule DROP CONSTRAINT rule_kind,
  ADD CONSTRAINT rule_kind CHECK (kind IN ('dispatch', 'screening', 'repeat', 'review', 'validity', 'credit', 'late-payment'));
