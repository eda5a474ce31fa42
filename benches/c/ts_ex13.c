/* Twin of src/bin/ts_ex13.rs: heat on n by n points as in ts/ex13, twenty implicit Euler steps, with right-hand
   side and Jacobian by grid point. Run: ts_ex13 <n> */
#include <petscts.h>
#include <petscdmda.h>
#include "calls.h"

static PetscErrorCode function(DMDALocalInfo *info, PetscReal t, PetscScalar **u, PetscScalar **g, void *ctx)
{
  const PetscInt  mx = info->mx, my = info->my;
  const PetscReal x = (PetscReal)(mx - 1) * (mx - 1), y = (PetscReal)(my - 1) * (my - 1);

  PetscFunctionBeginUser;
  for (PetscInt j = info->ys; j < info->ys + info->ym; j++) {
    for (PetscInt i = info->xs; i < info->xs + info->xm; i++) {
      if (i == 0 || j == 0 || i == mx - 1 || j == my - 1) {
        g[j][i] = 0.0;
      } else {
        g[j][i] = (u[j][i - 1] - 2.0 * u[j][i] + u[j][i + 1]) * x + (u[j - 1][i] - 2.0 * u[j][i] + u[j + 1][i]) * y;
      }
    }
  }
  PetscFunctionReturn(0);
}

static PetscErrorCode jacobian(TS ts, PetscReal t, Vec u, Mat a, Mat p, void *ctx)
{
  DM            grid;
  DMDALocalInfo info;
  PetscReal     x, y;

  PetscFunctionBeginUser;
  PetscCall(TSGetDM(ts, &grid));
  PetscCall(DMDAGetLocalInfo(grid, &info));
  x = (PetscReal)(info.mx - 1) * (info.mx - 1);
  y = (PetscReal)(info.my - 1) * (info.my - 1);
  for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
    for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
      MatStencil  row = {0}, columns[5] = {{0}};
      PetscScalar v[5];

      row.i = i;
      row.j = j;
      if (i == 0 || j == 0 || i == info.mx - 1 || j == info.my - 1) {
        v[0] = 0.0;
        PetscCall(MatSetValuesStencil(p, 1, &row, 1, &row, v, INSERT_VALUES));
      } else {
        columns[0].i = i;
        columns[0].j = j - 1;
        v[0]         = y;
        columns[1].i = i - 1;
        columns[1].j = j;
        v[1]         = x;
        columns[2].i = i;
        columns[2].j = j;
        v[2]         = -2.0 * (x + y);
        columns[3].i = i + 1;
        columns[3].j = j;
        v[3]         = x;
        columns[4].i = i;
        columns[4].j = j + 1;
        v[4]         = y;
        PetscCall(MatSetValuesStencil(p, 1, &row, 5, columns, v, INSERT_VALUES));
      }
    }
  }
  PetscCall(MatAssemblyBegin(p, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(p, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

static PetscErrorCode start(DM grid, Vec x)
{
  DMDALocalInfo info;
  PetscScalar **u;

  PetscFunctionBeginUser;
  PetscCall(DMDAGetLocalInfo(grid, &info));
  PetscCall(DMDAVecGetArray(grid, x, &u));
  for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
    for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
      const PetscReal a = (PetscReal)i / (info.mx - 1) - 0.5, b = (PetscReal)j / (info.my - 1) - 0.5;
      const PetscReal r = PetscSqrtReal(a * a + b * b);
      u[j][i]           = r < 0.125 ? PetscExpReal(-30.0 * r * r * r) : 0.0;
    }
  }
  PetscCall(DMDAVecRestoreArray(grid, x, &u));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt n = argc > 1 ? atoi(argv[1]) : 64;
  DM             grid;
  TS             ts;
  Vec            x;
  Mat            a;
  PetscInt       steps;
  PetscReal      top;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(calls_begin(argc, argv));
  PetscCall(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR, n, n, PETSC_DECIDE, PETSC_DECIDE, 1, 1, NULL, NULL, &grid));
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  PetscCall(DMCreateGlobalVector(grid, &x));
  PetscCall(DMSetMatType(grid, MATAIJ));
  PetscCall(DMCreateMatrix(grid, &a));
  PetscCall(TSCreate(PETSC_COMM_WORLD, &ts));
  PetscCall(TSSetDM(ts, grid));
  PetscCall(TSSetType(ts, TSBEULER));
  PetscCall(DMDATSSetRHSFunctionLocal(grid, INSERT_VALUES, (PetscErrorCode(*)(DMDALocalInfo *, PetscReal, void *, void *, void *))function, NULL));
  PetscCall(TSSetRHSJacobian(ts, a, a, jacobian, NULL));
  PetscCall(TSSetTimeStep(ts, 1e-4));
  PetscCall(TSSetMaxSteps(ts, 20));
  PetscCall(TSSetMaxTime(ts, 1.0));
  PetscCall(TSSetExactFinalTime(ts, TS_EXACTFINALTIME_STEPOVER));
  PetscCall(TSSetFromOptions(ts));
  PetscCall(start(grid, x));
  PetscCall(TSSolve(ts, x));
  PetscCall(TSGetStepNumber(ts, &steps));
  PetscCall(VecNorm(x, NORM_INFINITY, &top));
  PetscCall(calls_print("TSFunctionEval"));
  PetscCall(calls_print("TSJacobianEval"));
  PetscCall(VecDestroy(&x));
  PetscCall(MatDestroy(&a));
  PetscCall(TSDestroy(&ts));
  PetscCall(DMDestroy(&grid));
  PetscCall(PetscFinalize());
  return steps == 20 && top > 0.3 && top < 0.99 ? 0 : 3;
}
