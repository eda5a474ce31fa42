/* Twin of src/bin/snes_ex19.rs: the driven cavity of snes/ex19 on n by n points, four unknowns at each, with
   the function by grid point and the Jacobian by finite differences of colors. Run: snes_ex19 <n> */
#include <petscsnes.h>
#include <petscdmda.h>
#include "calls.h"

typedef struct {
  PetscScalar u, v, omega, temp;
} Field;

typedef struct {
  PetscReal lid, prandtl, grashof;
} Flow;

static PetscErrorCode function(DMDALocalInfo *info, Field **x, Field **f, Flow *flow)
{
  const PetscInt  mx = info->mx, my = info->my;
  const PetscReal dhx = (PetscReal)(mx - 1), dhy = (PetscReal)(my - 1);
  const PetscReal hx = 1.0 / dhx, hy = 1.0 / dhy, hydhx = hy * dhx, hxdhy = hx * dhy;

  PetscFunctionBeginUser;
  for (PetscInt j = info->ys; j < info->ys + info->ym; j++) {
    for (PetscInt i = info->xs; i < info->xs + info->xm; i++) {
      const Field here = x[j][i];

      if (j == 0) {
        f[j][i].u     = here.u;
        f[j][i].v     = here.v;
        f[j][i].omega = here.omega + (x[j + 1][i].u - here.u) * dhy;
        f[j][i].temp  = here.temp - x[j + 1][i].temp;
      } else if (j == my - 1) {
        f[j][i].u     = here.u - flow->lid;
        f[j][i].v     = here.v;
        f[j][i].omega = here.omega + (here.u - x[j - 1][i].u) * dhy;
        f[j][i].temp  = here.temp - x[j - 1][i].temp;
      } else if (i == 0) {
        f[j][i].u     = here.u;
        f[j][i].v     = here.v;
        f[j][i].omega = here.omega - (x[j][i + 1].v - here.v) * dhx;
        f[j][i].temp  = here.temp;
      } else if (i == mx - 1) {
        f[j][i].u     = here.u;
        f[j][i].v     = here.v;
        f[j][i].omega = here.omega - (here.v - x[j][i - 1].v) * dhx;
        f[j][i].temp  = here.temp - (PetscReal)(flow->grashof > 0);
      } else {
        const Field       west = x[j][i - 1], east = x[j][i + 1], south = x[j - 1][i], north = x[j + 1][i];
        const PetscScalar avx = PetscAbsScalar(here.u), avy = PetscAbsScalar(here.v);
        const PetscScalar vxp = 0.5 * (here.u + avx), vxm = 0.5 * (here.u - avx);
        const PetscScalar vyp = 0.5 * (here.v + avy), vym = 0.5 * (here.v - avy);
        PetscScalar       xx, yy;

        xx        = (2.0 * here.u - west.u - east.u) * hydhx;
        yy        = (2.0 * here.u - south.u - north.u) * hxdhy;
        f[j][i].u = xx + yy - 0.5 * (north.omega - south.omega) * hx;
        xx        = (2.0 * here.v - west.v - east.v) * hydhx;
        yy        = (2.0 * here.v - south.v - north.v) * hxdhy;
        f[j][i].v = xx + yy + 0.5 * (east.omega - west.omega) * hy;
        xx        = (2.0 * here.omega - west.omega - east.omega) * hydhx;
        yy        = (2.0 * here.omega - south.omega - north.omega) * hxdhy;
        f[j][i].omega = xx + yy + (vxp * (here.omega - west.omega) + vxm * (east.omega - here.omega)) * hy + (vyp * (here.omega - south.omega) + vym * (north.omega - here.omega)) * hx - 0.5 * flow->grashof * (east.temp - west.temp) * hy;
        xx            = (2.0 * here.temp - west.temp - east.temp) * hydhx;
        yy            = (2.0 * here.temp - south.temp - north.temp) * hxdhy;
        f[j][i].temp  = xx + yy + flow->prandtl * ((vxp * (here.temp - west.temp) + vxm * (east.temp - here.temp)) * hy + (vyp * (here.temp - south.temp) + vym * (north.temp - here.temp)) * hx);
      }
    }
  }
  PetscFunctionReturn(0);
}

static PetscErrorCode guess(DM grid, const Flow *flow, Vec vector)
{
  DMDALocalInfo info;
  Field       **x;

  PetscFunctionBeginUser;
  PetscCall(DMDAGetLocalInfo(grid, &info));
  PetscCall(DMDAVecGetArray(grid, vector, &x));
  for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
    for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
      x[j][i].u     = 0.0;
      x[j][i].v     = 0.0;
      x[j][i].omega = 0.0;
      x[j][i].temp  = flow->grashof > 0 ? (PetscReal)i / (info.mx - 1) : 0.0;
    }
  }
  PetscCall(DMDAVecRestoreArray(grid, vector, &x));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt      n    = argc > 1 ? atoi(argv[1]) : 16;
  Flow                flow = {1.0 / (n * n), 1.0, 1.0};
  DM                  grid;
  SNES                snes;
  Vec                 x, f;
  SNESConvergedReason reason;
  PetscReal           top;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(calls_begin(argc, argv));
  PetscCall(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR, n, n, PETSC_DECIDE, PETSC_DECIDE, 4, 1, NULL, NULL, &grid));
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  PetscCall(SNESCreate(PETSC_COMM_WORLD, &snes));
  PetscCall(SNESSetDM(snes, grid));
  PetscCall(DMDASNESSetFunctionLocal(grid, INSERT_VALUES, (PetscErrorCode(*)(DMDALocalInfo *, void *, void *, void *))function, &flow));
  PetscCall(SNESSetFromOptions(snes));
  PetscCall(DMCreateGlobalVector(grid, &x));
  PetscCall(guess(grid, &flow, x));
  PetscCall(SNESSolve(snes, NULL, x));
  PetscCall(SNESGetConvergedReason(snes, &reason));
  PetscCall(VecNorm(x, NORM_INFINITY, &top));
  PetscCall(VecDuplicate(x, &f));
  for (int i = 0; i < 10 * calls_repeats(); i++) PetscCall(SNESComputeFunction(snes, x, f));
  PetscCall(calls_print("SNESFunctionEval"));
  PetscCall(calls_print("SNESJacobianEval"));
  PetscCall(VecDestroy(&f));
  PetscCall(VecDestroy(&x));
  PetscCall(SNESDestroy(&snes));
  PetscCall(DMDestroy(&grid));
  PetscCall(PetscFinalize());
  return reason > 0 && PetscAbsReal(top - 1.0) < 1e-3 ? 0 : 3;
}
