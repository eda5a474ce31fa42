/* Twin of src/bin/wave_step.rs: the step of the application `wave` (second differences, a sponge, a source) on 400 by
   240 points, so many steps. Run: wave_step <steps> */
#include <petscdmda.h>
#include "calls.h"

static const PetscInt  nx = 400, ny = 240, width = 20;
static const PetscReal h = 10.0, dt = 0.001, strength = 0.015, frequency = 15.0;

typedef struct {
  DM  grid;
  Vec ghosted, current, previous, stiffness, damping;
} Wave;

static PetscErrorCode set_up(Wave *wave)
{
  DMDALocalInfo info;
  PetscScalar **k, **d;

  PetscFunctionBeginUser;
  PetscCall(DMDACreate2d(PETSC_COMM_WORLD, DM_BOUNDARY_GHOSTED, DM_BOUNDARY_GHOSTED, DMDA_STENCIL_STAR, nx, ny, PETSC_DECIDE, PETSC_DECIDE, 1, 1, NULL, NULL, &wave->grid));
  PetscCall(DMSetUp(wave->grid));
  PetscCall(DMCreateLocalVector(wave->grid, &wave->ghosted));
  PetscCall(DMCreateGlobalVector(wave->grid, &wave->current));
  PetscCall(VecDuplicate(wave->current, &wave->previous));
  PetscCall(VecDuplicate(wave->current, &wave->stiffness));
  PetscCall(VecDuplicate(wave->current, &wave->damping));
  PetscCall(DMDAGetLocalInfo(wave->grid, &info));
  PetscCall(DMDAVecGetArray(wave->grid, wave->stiffness, &k));
  PetscCall(DMDAVecGetArray(wave->grid, wave->damping, &d));
  for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
    for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
      const PetscReal speed    = j < ny / 2 ? 1500.0 : 2500.0;
      const PetscInt  distance = PetscMin(PetscMin(i, nx - 1 - i), PetscMin(j, ny - 1 - j));
      const PetscReal ratio    = (PetscReal)(width - distance) / width;
      k[j][i]                  = speed * dt * speed * dt;
      d[j][i]                  = distance >= width ? 1.0 : PetscExpReal(-strength * ratio * ratio);
    }
  }
  PetscCall(DMDAVecRestoreArray(wave->grid, wave->stiffness, &k));
  PetscCall(DMDAVecRestoreArray(wave->grid, wave->damping, &d));
  PetscFunctionReturn(0);
}

static PetscErrorCode advance(Wave *wave, PetscInt step)
{
  const PetscReal     along = 1.0 / (h * h);
  DMDALocalInfo       info;
  const PetscScalar **u, **k, **d;
  PetscScalar       **next;
  Vec                 swap;

  PetscFunctionBeginUser;
  PetscCall(DMGlobalToLocal(wave->grid, wave->current, INSERT_VALUES, wave->ghosted));
  PetscCall(DMDAGetLocalInfo(wave->grid, &info));
  PetscCall(DMDAVecGetArrayRead(wave->grid, wave->ghosted, (void *)&u));
  PetscCall(DMDAVecGetArrayRead(wave->grid, wave->stiffness, (void *)&k));
  PetscCall(DMDAVecGetArrayRead(wave->grid, wave->damping, (void *)&d));
  PetscCall(DMDAVecGetArray(wave->grid, wave->previous, &next));
  for (PetscInt j = info.ys; j < info.ys + info.ym; j++) {
    for (PetscInt i = info.xs; i < info.xs + info.xm; i++) {
      const PetscScalar curvature = (u[j][i - 1] - 2.0 * u[j][i] + u[j][i + 1]) * along + (u[j - 1][i] - 2.0 * u[j][i] + u[j + 1][i]) * along;
      next[j][i]                  = d[j][i] * (2.0 * u[j][i] - next[j][i] + k[j][i] * curvature);
    }
  }
  if (info.xs <= nx / 2 && nx / 2 < info.xs + info.xm && info.ys <= ny / 4 && ny / 4 < info.ys + info.ym) {
    const PetscReal x = PETSC_PI * frequency * (step * dt - 1.0 / frequency);
    next[ny / 4][nx / 2] += d[ny / 4][nx / 2] * dt * dt * (1.0 - 2.0 * x * x) * PetscExpReal(-x * x);
  }
  PetscCall(DMDAVecRestoreArrayRead(wave->grid, wave->ghosted, (void *)&u));
  PetscCall(DMDAVecRestoreArrayRead(wave->grid, wave->stiffness, (void *)&k));
  PetscCall(DMDAVecRestoreArrayRead(wave->grid, wave->damping, (void *)&d));
  PetscCall(DMDAVecRestoreArray(wave->grid, wave->previous, &next));
  swap           = wave->current;
  wave->current  = wave->previous;
  wave->previous = swap;
  PetscFunctionReturn(0);
}

int main(int argc, char **argv)
{
  const PetscInt steps = argc > 1 ? atoi(argv[1]) : 100;
  Wave           wave;
  PetscLogEvent  event;
  PetscReal      top;

  PetscCall(PetscInitialize(&argc, &argv, NULL, NULL));
  PetscCall(calls_begin(argc, argv));
  PetscCall(PetscLogEventRegister("WaveStep", PETSC_OBJECT_CLASSID, &event));
  PetscCall(set_up(&wave));
  for (PetscInt step = 0; step < steps; step++) {
    PetscCall(PetscLogEventBegin(event, 0, 0, 0, 0));
    PetscCall(advance(&wave, step));
    PetscCall(PetscLogEventEnd(event, 0, 0, 0, 0));
  }
  PetscCall(VecNorm(wave.current, NORM_INFINITY, &top));
  PetscCall(calls_print("WaveStep"));
  PetscCall(VecDestroy(&wave.ghosted));
  PetscCall(VecDestroy(&wave.current));
  PetscCall(VecDestroy(&wave.previous));
  PetscCall(VecDestroy(&wave.stiffness));
  PetscCall(VecDestroy(&wave.damping));
  PetscCall(DMDestroy(&wave.grid));
  PetscCall(PetscFinalize());
  return top > 0.0 && top < 1.0 ? 0 : 3;
}
