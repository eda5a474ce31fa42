PetscErrorCode PetscRsSlepcGuard(void)
{
  CALL(EPSInitializePackage());
  CALL(WrapCyclic());
  CALL(PEPInitializePackage());
  CALL(WrapPolynomial(PEPJD, &jd, JdCreate));
  CALL(WrapPolynomial(PEPSTOAR, &stoar, StoarCreate));
  CALL(WrapPolynomial(PEPTOAR, &toar, ToarCreate));
  CALL(WrapPolynomials());
  CALL(WrapNleigs());
  CALL(WrapBases());
  CALL(WrapEPSScaLAPACK());
  CALL(WrapSVDScaLAPACK());
  CALL(WrapSVDFullLAPACK());
  CALL(WrapSVDFullRANDOMIZED());
  CALL(WrapPEPCiss());
  CALL(WrapNEPCiss());
  CALL(WrapCombine());
  CALL(WrapLog());
  CALL(WrapDense());
  CALL(WrapGhiep());
  CALL(WrapNonlinear());
  CALL(Wrap(EPSKRYLOVSCHUR, &krylovschur, KrylovSchurCreate));
  CALL(WrapEPSCiss());
  CALL(Wrap(EPSLANCZOS, &lanczos, LanczosCreate));
  CALL(Wrap(EPSARNOLDI, &arnoldi, ArnoldiCreate));
  CALL(Wrap(EPSJD, &davidson, JacobiDavidsonCreate));
  CALL(Wrap(EPSPOWER, &power, PowerCreate));
  CALL(Wrap(EPSLAPACK, &lapack, LapackCreate));
  /* Around the types as they are now. */
  CALL(EPSWrapTypes());
  CALL(PEPWrapTypes());
  return NEPWrapTypes();
}
