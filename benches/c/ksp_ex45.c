/* Twin of src/bin/ksp_ex45.rs: the Laplacian on a cube of n by n by n points of ksp/ex45, whose operator and
   right-hand side the solver asks for. Run: ksp_ex45 <n> */
#include <petscksp.h>
#include <petscdmda.h>

static PetscErrorCode rhs(KSP ksp, Vec b, void *ctx)
{
  DM             grid;
  DMDALocalInfo  info;
  PetscReal      hx, hy, hz, edge, inside;
  PetscScalar ***v;

  PetscFunctionBeginUser;
  PetscCall(KSPGetDM(ksp, &grid));
  PetscCall(DMDAGetLocalInfo(grid, &info));
  hx     = 1.0 / (info.mx - 1);
  hy     = 1.0 / (info.my - 1);
  hz     = 1.0 / (info.mz - 1);
  edge   = 2.0 * (hx * hy / hz + hx * hz / hy + hy * hz / hx);
  inside = hx * hy * hz;
  PetscCall(DMDAVecGetArray(grid, b, &v));
  for (PetscInt k = info.zs; k < info.zs + info.zm; k++) {
    for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
      for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
        const PetscBool out = i == 0 || j == 0 || k == 0 || i == info.mx - 1 || j == info.my - 1 || k == info.mz - 1;
        v[k][j][i]          = out ? edge : inside;
      }
    }
  }
  PetscCall(DMDAVecRestoreArray(grid, b, &v));
  PetscFunctionReturn(0);
}

static PetscErrorCode operators(KSP ksp, Mat a, Mat p, void *ctx)
{
  DM            grid;
  DMDALocalInfo info;
  PetscReal     hx, hy, hz, x, y, z, centre;

  PetscFunctionBeginUser;
  PetscCall(KSPGetDM(ksp, &grid));
  PetscCall(DMDAGetLocalInfo(grid, &info));
  hx     = 1.0 / (info.mx - 1);
  hy     = 1.0 / (info.my - 1);
  hz     = 1.0 / (info.mz - 1);
  x      = hy * hz / hx;
  y      = hx * hz / hy;
  z      = hx * hy / hz;
  centre = 2.0 * (x + y + z);
  for (PetscInt k = info.zs; k < info.zs + info.zm; k++) {
    for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
      for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
        MatStencil  row = {0}, columns[7] = {{0}};
        PetscScalar v[7];

        row.i = i;
        row.j = j;
        row.k = k;
        if (i == 0 || j == 0 || k == 0 || i == info.mx - 1 || j == info.my - 1 || k == info.mz - 1) {
          v[0] = centre;
          PetscCall(MatSetValuesStencil(p, 1, &row, 1, &row, v, INSERT_VALUES));
        } else {
          for (PetscInt c = 0; c < 7; c++) columns[c] = row;
          columns[0].k = k - 1;
          v[0]         = -z;
          columns[1].j = j - 1;
          v[1]         = -y;
          columns[2].i = i - 1;
          v[2]         = -x;
          v[3]         = centre;
          columns[4].i = i + 1;
          v[4]         = -x;
          columns[5].j = j + 1;
          v[5]         = -y;
          columns[6].k = k + 1;
          v[6]         = -z;
          PetscCall(MatSetValuesStencil(p, 1, &row, 7, columns, v, INSERT_VALUES));
        }
      }
    }
  }
  PetscCall(MatAssemblyBegin(p, MAT_FINAL_ASSEMBLY));
  PetscCall(MatAssemblyEnd(p, MAT_FINAL_ASSEMBLY));
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt     n = argc > 1 ? atoi(argv[1]) : 17;
  DM                 grid;
  KSP                ksp;
  Vec                x;
  KSPConvergedReason reason;
  PetscReal          top;
  PetscLogStage      stage;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(PetscLogStageRegister("solve", &stage));
  PetscCall(PetscLogStagePush(stage));
  PetscCall(DMDACreate3d(PETSC_COMM_WORLD, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DM_BOUNDARY_NONE, DMDA_STENCIL_STAR, n, n, n, PETSC_DECIDE, PETSC_DECIDE, PETSC_DECIDE, 1, 1, NULL, NULL, NULL, &grid));
  PetscCall(DMSetFromOptions(grid));
  PetscCall(DMSetUp(grid));
  PetscCall(KSPCreate(PETSC_COMM_WORLD, &ksp));
  PetscCall(KSPSetDM(ksp, grid));
  PetscCall(KSPSetComputeRHS(ksp, rhs, NULL));
  PetscCall(KSPSetComputeOperators(ksp, operators, NULL));
  PetscCall(KSPSetFromOptions(ksp));
  PetscCall(KSPSolve(ksp, NULL, NULL));
  PetscCall(PetscLogStagePop());
  PetscCall(KSPGetConvergedReason(ksp, &reason));
  PetscCall(KSPGetSolution(ksp, &x));
  PetscCall(VecNorm(x, NORM_INFINITY, &top));
  PetscCall(KSPDestroy(&ksp));
  PetscCall(DMDestroy(&grid));
  PetscCall(PetscFinalize());
  return reason > 0 && top > 1.0 && top < 1.1 ? 0 : 3;
}
