//! Parses the arguments of the macros `setting` and `getter`, and the attributes that may follow
//! these macros.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Path, Token, bracketed};

/// The arguments of `setting` and `getter`.
#[derive(Default)]
pub(crate) struct Arguments {
    /// C functions; for a setting, setters before getters.
    pub(crate) functions: Vec<Ident>,
    /// Names in the options database.
    pub(crate) options: Vec<String>,
    pub(crate) default: Option<String>,
    /// The function that checks values.
    pub(crate) check: Option<Path>,
    /// The function that checks all values together.
    pub(crate) check_all: Option<Path>,
    /// The types of the object that have the setting.
    pub(crate) types: Vec<LitStr>,
    /// Whether C looks up the implementation by the name of the function.
    pub(crate) composed: bool,
    /// Whether the method may be called while the solver is running.
    pub(crate) running: bool,
    pub(crate) collective: Option<String>,
    /// The name of the getter, if it differs from that of the argument.
    pub(crate) get: Option<Ident>,
    /// Whether the setter of the shim takes pointers to numbers.
    pub(crate) by_pointer: bool,
    /// Whether the setter is not collective.
    pub(crate) not_collective: bool,
    /// Method that the setter calls first.
    pub(crate) require: Option<Ident>,
    /// Method that the getter calls first.
    pub(crate) get_require: Option<Ident>,
    /// Method that the setter calls last.
    pub(crate) then: Option<Ident>,
    /// Description of the values that are refused.
    pub(crate) errors: Option<String>,
    /// Names of the manual pages, if the functions belong to the shim.
    pub(crate) names: Vec<String>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Self::default();
        while !input.is_empty() {
            arguments.one(input)?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if arguments.names.is_empty() {
            let names = arguments.functions.iter().map(Ident::to_string);
            arguments.names = names.collect();
        }
        if arguments.names.len() != arguments.functions.len() {
            let text = "`c` must contain one name for each C function";
            return Err(input.error(text));
        }
        Ok(arguments)
    }
}

impl Arguments {
    /// Returns the number of setters, which come first in the list.
    pub(crate) fn setters(&self) -> usize {
        match self.functions.len() {
            1 => 1,
            n => n / 2,
        }
    }

    /// Removes the attributes `option` and `types` from the list.
    pub(crate) fn take(&mut self, attributes: &mut Vec<Attribute>) -> syn::Result<()> {
        for attribute in std::mem::take(attributes) {
            if attribute.path().is_ident("option") {
                attribute.parse_args_with(|input: ParseStream<'_>| self.option(input))?;
            } else if attribute.path().is_ident("types") {
                let types = attribute.parse_args_with(literals)?;
                self.types.extend(types);
            } else {
                attributes.push(attribute);
            }
        }
        Ok(())
    }

    /// `"-name", "-name", default = "value"`.
    fn option(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            if input.peek(LitStr) {
                self.options.push(text(input)?);
            } else {
                let name: Ident = input.parse()?;
                if name != "default" {
                    return Err(syn::Error::new(
                        name.span(),
                        "no such argument: expected `default`",
                    ));
                }
                input.parse::<Token![=]>()?;
                self.default = Some(text(input)?);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn one(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let name: Ident = input.parse()?;
        if !input.peek(Token![=]) {
            match name.to_string().as_str() {
                "composed" => self.composed = true,
                "by_pointer" => self.by_pointer = true,
                "running" => self.running = true,
                "not_collective" => self.not_collective = true,
                _ => self.functions.push(name),
            }
            return Ok(());
        }
        input.parse::<Token![=]>()?;
        match name.to_string().as_str() {
            "check" => self.check = Some(input.parse()?),
            "check_all" => self.check_all = Some(input.parse()?),
            "get" => self.get = Some(input.parse()?),
            "get_require" => self.get_require = Some(input.parse()?),
            "require" => self.require = Some(input.parse()?),
            "then" => self.then = Some(input.parse()?),
            "errors" => self.errors = Some(text(input)?),
            "collective" => self.collective = Some(text(input)?),
            "c" => self.names = list(input)?.iter().map(LitStr::value).collect(),
            _ => return Err(syn::Error::new(name.span(), "no such argument")),
        }
        Ok(())
    }
}

fn text(input: ParseStream<'_>) -> syn::Result<String> {
    Ok(input.parse::<LitStr>()?.value())
}

fn list(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let inside;
    bracketed!(inside in input);
    literals(&inside)
}

fn literals(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let list = Punctuated::<LitStr, Token![,]>::parse_terminated(input)?;
    Ok(list.into_iter().collect())
}
