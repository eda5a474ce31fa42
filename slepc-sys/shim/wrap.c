typedef struct {
  PetscErrorCode (*create)(EPS);
  PetscErrorCode (*reset)(EPS);
  PetscErrorCode (*destroy)(EPS);
  PetscErrorCode (*view)(EPS, PetscViewer);
  PetscErrorCode (*options)(EPS, Items);
  PetscErrorCode (*setup)(EPS);
  PetscErrorCode (*solve)(EPS);
} Method;

static Method krylovschur, power;

static PetscErrorCode Wrap(EPSType type, Method *method, PetscErrorCode (*create)(EPS))
{
  PetscErrorCode (*found)(EPS) = NULL;
  CALL(PetscFunctionListFind(EPSList, type, &found));
  if (!found || found == create) return OK;
  method->create = found;
  return EPSRegister(type, create);
}

typedef struct {
  PetscErrorCode (*create)(PEP);
  PetscErrorCode (*reset)(PEP);
  PetscErrorCode (*setup)(PEP);
  PetscErrorCode (*solve)(PEP);
} PolynomialMethod;

static PolynomialMethod jd, stoar;

static PetscErrorCode WrapPolynomial(PEPType type, PolynomialMethod *method, PetscErrorCode (*create)(PEP))
{
  PetscErrorCode (*found)(PEP) = NULL;
  CALL(PetscFunctionListFind(PEPList, type, &found));
  if (!found || found == create) return OK;
  method->create = found;
  return PEPRegister(type, create);
}
