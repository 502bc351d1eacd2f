-- CreateTable
CREATE TABLE "verification" (
    "id" BIGSERIAL NOT NULL,
    "order_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "asked_by" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    "head" TEXT NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "chain" JSONB,
    "rows" JSONB,
    "body" TEXT,
    "engine" JSONB,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "history_archive" (
    "order_id" TEXT NOT NULL,
    "run_no" INTEGER NOT NULL,
    "run_id" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "sha256" TEXT NOT NULL,
    "code_version" TEXT NOT NULL,
    "bundle_hash" TEXT NOT NULL,
    "archived_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "history_archive_pkey" PRIMARY KEY ("order_id","run_no")
);

-- CreateTable
CREATE TABLE "archive_state" (
    "order_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "error" TEXT,
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "archive_state_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "anchor" (
    "n" SERIAL NOT NULL,
    "day" DATE NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "previous" TEXT NOT NULL,
    "root" TEXT NOT NULL,
    "orders" INTEGER NOT NULL,

    CONSTRAINT "anchor_pkey" PRIMARY KEY ("n")
);

-- CreateTable
CREATE TABLE "reconciliation" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "took_ms" INTEGER NOT NULL,
    "looked_at" INTEGER NOT NULL,
    "repaired" INTEGER NOT NULL,
    "findings" JSONB NOT NULL,

    CONSTRAINT "reconciliation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "verification_order_id_id_idx" ON "verification"("order_id", "id");

-- CreateIndex
CREATE INDEX "verification_at_idx" ON "verification"("at");

-- CreateIndex
CREATE INDEX "archive_state_state_next_at_idx" ON "archive_state"("state", "next_at");

-- CreateIndex
CREATE UNIQUE INDEX "anchor_day_key" ON "anchor"("day");

-- AddForeignKey
ALTER TABLE "verification" ADD CONSTRAINT "verification_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "history_archive" ADD CONSTRAINT "history_archive_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "archive_state" ADD CONSTRAINT "archive_state_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
