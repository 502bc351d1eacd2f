-- CreateTable
CREATE TABLE "gate_verdict" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "version" TEXT NOT NULL,
    "orders" INTEGER NOT NULL,
    "stand" INTEGER NOT NULL,
    "moved" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "histories" INTEGER NOT NULL,
    "differ" INTEGER NOT NULL,
    "report" JSONB NOT NULL,

    CONSTRAINT "gate_verdict_pkey" PRIMARY KEY ("id")
);
