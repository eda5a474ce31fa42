/* Twin of src/bin/rosenbrock1.rs: the extended Rosenbrock function of tao/unconstrained/rosenbrock1 in n pairs of
   variables, alpha = 99, on one rank; minimized from zero by lmvm and then by nls. Run: rosenbrock1 <n> */
#include <petsctao.h>
#include "calls.h"

static const PetscReal alpha = 99.0;

static PetscErrorCode gradient(Tao tao, Vec X, PetscReal *f, Vec G, void *ctx)
{
  const PetscScalar *x;
  PetscScalar       *g;
  PetscReal          sum = 0.0;
  PetscInt           n;

  PetscFunctionBeginUser;
  PetscCall(VecGetLocalSize(X, &n));
  PetscCall(VecGetArrayRead(X, &x));
  PetscCall(VecGetArray(G, &g));
  for (PetscInt i = 0; i < n; i += 2) {
    const PetscReal t = x[i + 1] - x[i] * x[i], u = 1.0 - x[i];

    sum += alpha * t * t + u * u;
    g[i]     = -4.0 * alpha * t * x[i] - 2.0 * u;
    g[i + 1] = 2.0 * alpha * t;
  }
  PetscCall(VecRestoreArrayRead(X, &x));
  PetscCall(VecRestoreArray(G, &g));
  *f = sum;
  PetscFunctionReturn(0);
}

static PetscErrorCode hessian(Tao tao, Vec X, Mat H, Mat P, void *ctx)
{
  const PetscScalar *x;
  PetscInt           n;

  PetscFunctionBeginUser;
  PetscCall(VecGetLocalSize(X, &n));
  PetscCall(VecGetArrayRead(X, &x));
  for (PetscInt i = 0; i < n; i += 2) {
    const PetscInt    at[2]   = {i, i + 1};
    const PetscReal   across  = -4.0 * alpha * x[i];
    const PetscScalar block[] = {-4.0 * alpha * (x[i + 1] - 3.0 * x[i] * x[i]) + 2.0, across, across, 2.0 * alpha};

    PetscCall(MatSetValues(H, 2, at, 2, at, block, INSERT_VALUES));
  }
  PetscCall(VecRestoreArrayRead(X, &x));
  PetscCall(MatAssemblyBegin(H, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(H, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

static PetscErrorCode minimise(Tao tao, TaoType type, Vec x, PetscBool *right)
{
  TaoConvergedReason reason;
  PetscReal          size;
  PetscInt           n;

  PetscFunctionBeginUser;
  PetscCall(TaoSetType(tao, type));
  PetscCall(TaoSetFromOptions(tao));
  PetscCall(VecSet(x, 0.0));
  PetscCall(TaoSetSolution(tao, x));
  PetscCall(TaoSolve(tao));
  PetscCall(TaoGetConvergedReason(tao, &reason));
  PetscCall(VecNorm(x, NORM_1, &size));
  PetscCall(VecGetSize(x, &n));
  if (reason <= 0 || PetscAbsReal(size - n) > 1e-4 * n) *right = PETSC_FALSE;
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt n     = 2 * (argc > 1 ? atoi(argv[1]) : 1000);
  PetscBool      right = PETSC_TRUE;
  Tao            tao;
  Vec            x;
  Mat            H;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(calls_begin(argc, argv));
  PetscCall(VecCreateSeq(PETSC_COMM_SELF, n, &x));
  PetscCall(MatCreateSeqBAIJ(PETSC_COMM_SELF, 2, n, n, 1, NULL, &H));
  PetscCall(TaoCreate(PETSC_COMM_SELF, &tao));
  PetscCall(TaoSetObjectiveAndGradient(tao, NULL, gradient, NULL));
  PetscCall(TaoSetHessian(tao, H, H, hessian, NULL));
  PetscCall(minimise(tao, TAOLMVM, x, &right));
  PetscCall(minimise(tao, TAONLS, x, &right));
  PetscCall(calls_print("TaoObjGradEval"));
  PetscCall(calls_print("TaoHessianEval"));
  PetscCall(TaoDestroy(&tao));
  PetscCall(VecDestroy(&x));
  PetscCall(MatDestroy(&H));
  PetscCall(PetscFinalize());
  return right ? 0 : 3;
}
