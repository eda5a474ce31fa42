/* Twin of src/bin/snes_ex5.rs: the Bratu problem of snes/ex5 on n by n points, lambda = 6, with function and
   Jacobian by grid point; Newton's method with the solvers of the options. Run: snes_ex5 <n> */
#include <petscsnes.h>
#include <petscdmda.h>
#include "calls.h"

static const PetscReal lambda = 6.0;

static PetscErrorCode function(DMDALocalInfo *info, PetscScalar **u, PetscScalar **f, void *ctx)
{
  const PetscInt  mx = info->mx, my = info->my;
  const PetscReal hx = 1.0 / (mx - 1), hy = 1.0 / (my - 1);
  const PetscReal x = hy / hx, y = hx / hy, scale = hx * hy * lambda;

  PetscFunctionBeginUser;
  for (PetscInt j = info->ys; j < info->ys + info->ym; j++) {
    for (PetscInt i = info->xs; i < info->xs + info->xm; i++) {
      if (i == 0 || j == 0 || i == mx - 1 || j == my - 1) {
        f[j][i] = 2.0 * (x + y) * u[j][i];
      } else {
        const PetscScalar v  = u[j][i];
        const PetscScalar xx = (2.0 * v - u[j][i - 1] - u[j][i + 1]) * x;
        const PetscScalar yy = (2.0 * v - u[j - 1][i] - u[j + 1][i]) * y;
        f[j][i]              = xx + yy - scale * PetscExpScalar(v);
      }
    }
  }
  PetscFunctionReturn(0);
}

static PetscErrorCode jacobian(DMDALocalInfo *info, PetscScalar **u, Mat a, Mat p, void *ctx)
{
  const PetscInt  mx = info->mx, my = info->my;
  const PetscReal hx = 1.0 / (mx - 1), hy = 1.0 / (my - 1);
  const PetscReal x = hy / hx, y = hx / hy, scale = hx * hy * lambda;

  PetscFunctionBeginUser;
  for (PetscInt j = info->ys; j < info->ys + info->ym; j++) {
    for (PetscInt i = info->xs; i < info->xs + info->xm; i++) {
      MatStencil  row = {0}, columns[5] = {{0}};
      PetscScalar v[5];

      row.i = i;
      row.j = j;
      if (i == 0 || j == 0 || i == mx - 1 || j == my - 1) {
        v[0] = 2.0 * (x + y);
        PetscCall(MatSetValuesStencil(p, 1, &row, 1, &row, v, INSERT_VALUES));
      } else {
        columns[0].i = i;
        columns[0].j = j - 1;
        v[0]         = -y;
        columns[1].i = i - 1;
        columns[1].j = j;
        v[1]         = -x;
        columns[2].i = i;
        columns[2].j = j;
        v[2]         = 2.0 * (x + y) - scale * PetscExpScalar(u[j][i]);
        columns[3].i = i + 1;
        columns[3].j = j;
        v[3]         = -x;
        columns[4].i = i;
        columns[4].j = j + 1;
        v[4]         = -y;
        PetscCall(MatSetValuesStencil(p, 1, &row, 5, columns, v, INSERT_VALUES));
      }
    }
  }
  PetscCall(MatAssemblyBegin(p, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(p, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

static PetscErrorCode guess(DM grid, Vec x)
{
  DMDALocalInfo info;
  PetscScalar **u;

  PetscFunctionBeginUser;
  PetscCall(DMDAGetLocalInfo(grid, &info));
  PetscCall(DMDAVecGetArray(grid, x, &u));
  for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
    for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
      const PetscReal along_x = (PetscReal)PetscMin(i, info.mx - 1 - i) / (info.mx - 1);
      const PetscReal along_y = (PetscReal)PetscMin(j, info.my - 1 - j) / (info.my - 1);
      u[j][i]                 = lambda / (lambda + 1.0) * PetscSqrtReal(PetscMin(along_x, along_y));
    }
  }
  PetscCall(DMDAVecRestoreArray(grid, x, &u));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt      n = argc > 1 ? atoi(argv[1]) : 64;
  DM                  grid;
  SNES                snes;
  Vec                 x, f;
  Mat                 a;
  SNESConvergedReason reason;
  PetscReal           top;
  PetscLogStage       stage;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(PetscLogStageRegister("solve", &stage));
  PetscCall(PetscLogStagePush(stage));
  PetscCall(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR, n, n, PETSC_DECIDE, PETSC_DECIDE, 1, 1, NULL, NULL, &grid));
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  PetscCall(SNESCreate(PETSC_COMM_WORLD, &snes));
  PetscCall(SNESSetDM(snes, grid));
  PetscCall(DMDASNESSetFunctionLocal(grid, INSERT_VALUES, (PetscErrorCode(*)(DMDALocalInfo *, void *, void *, void *))function, NULL));
  PetscCall(DMDASNESSetJacobianLocal(grid, (PetscErrorCode(*)(DMDALocalInfo *, void *, Mat, Mat, void *))jacobian, NULL));
  PetscCall(SNESSetFromOptions(snes));
  PetscCall(DMCreateGlobalVector(grid, &x));
  PetscCall(guess(grid, x));
  PetscCall(SNESSolve(snes, NULL, x));
  PetscCall(PetscLogStagePop());
  PetscCall(SNESGetConvergedReason(snes, &reason));
  PetscCall(VecNorm(x, NORM_INFINITY, &top));
  PetscCall(VecDuplicate(x, &f));
  PetscCall(DMCreateMatrix(grid, &a));
  PetscCall(calls_begin(argc, argv));
  for (int i = 0; i < calls_repeats(); i++) {
    PetscCall(SNESComputeFunction(snes, x, f));
    PetscCall(SNESComputeJacobian(snes, x, a, a));
  }
  PetscCall(calls_print("SNESFunctionEval"));
  PetscCall(calls_print("SNESJacobianEval"));
  PetscCall(MatDestroy(&a));
  PetscCall(VecDestroy(&f));
  PetscCall(VecDestroy(&x));
  PetscCall(SNESDestroy(&snes));
  PetscCall(DMDestroy(&grid));
  PetscCall(PetscFinalize());
  return reason > 0 && top > 0.5 && top < 1.0 ? 0 : 3;
}
