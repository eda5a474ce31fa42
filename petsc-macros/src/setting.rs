//! `#[setting(…)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse2;

use crate::arguments::Arguments;
use crate::call::Call;
use crate::declaration::Declaration;
use crate::getter::Getter;
use crate::{text, wraps};

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut arguments: Arguments = parse2(arguments)?;
    let mut declaration: Declaration = parse2(item)?;
    arguments.take(&mut declaration.attributes)?;
    let (set, get) = Call::pairs(&arguments, &declaration.signature)?;
    let setter = setter(&set, &declaration)?;
    let getter = get.map(|get| getter(get, &declaration)).transpose()?;
    Ok(quote!(#setter #getter))
}

fn setter(call: &Call<'_>, declaration: &Declaration) -> syn::Result<TokenStream> {
    let arguments = call.arguments;
    let values = declaration.arguments()?;
    let (names, types): (Vec<_>, Vec<_>) = values.iter().copied().unzip();
    let (mut lines, others) = text::documentation(&declaration.attributes);
    if let Some(first) = lines.first_mut() {
        *first = text::sets(first);
    }
    let examples = text::lines(&text::take_examples(&mut lines));
    lines.push(String::new());
    lines.push(facts(arguments));
    let text = text::lines(&lines);
    let (links, aliases) = (wraps::links(call.names), wraps::aliases(call.names));
    let errors = text::errors(arguments, call.names, true, text::refused(arguments));
    let (visibility, setter) = (&declaration.visibility, &declaration.signature.ident);
    let ranges = arguments.check.iter().flat_map(|check| {
        names.iter().map(move |name| {
            let what = name.to_string().replace('_', " ");
            quote!(#check(#name, #what)?;)
        })
    });
    let together = arguments.check_all.iter().map(|check| {
        let what = arguments.get.as_ref().unwrap_or(setter).to_string();
        let what = what.replace('_', " ");
        quote!(#check((#(#names),*), #what)?;)
    });
    let object = if arguments.running { quote!(self.as_ptr()) } else { quote!(*self.busy()?) };
    let raw =
        if arguments.by_pointer { quote!(#(&raw const #names),*) } else { quote!(#(#names),*) };
    let call = call.write(setter, |function| quote!(#function(#object, #raw)));
    let not_collective = arguments.not_collective.then(|| quote!(::petsc_rs::not_collective!();));
    let require = arguments.require.as_ref().map(|ask| quote!(self.#ask()?;));
    let then = arguments.then.as_ref().map(|then| quote!(self.#then()?;));
    Ok(quote! {
        #text
        #links
        #errors
        #examples
        #aliases
        #(#others)*
        #visibility fn #setter(&mut self, #(#names: #types),*) -> ::petsc_rs::Result<()> {
            #not_collective
            #(#ranges)*
            #(#together)*
            #(let #names = ::petsc_rs::internal::Value::into_c(#names)?;)*
            #require
            #call
            #then
            Ok(())
        }
    })
}

fn getter(call: Call<'_>, declaration: &Declaration) -> syn::Result<TokenStream> {
    let arguments = declaration.arguments()?;
    let getter = match (&call.arguments.get, &arguments[..]) {
        (Some(name), _) => name,
        (None, [(name, _)]) => *name,
        (None, _) => {
            let text =
                "a setting with several arguments needs `get = name`, the name of the getter";
            return Err(syn::Error::new_spanned(&declaration.signature, text));
        }
    };
    let setter = &declaration.signature.ident;
    let (mut lines, others) = text::documentation(&declaration.attributes);
    // The summary; further paragraphs are on the page of the setter.
    let end = lines.iter().position(String::is_empty);
    lines.truncate(end.unwrap_or(lines.len()));
    lines.push(String::new());
    lines.push(format!(" Not collective. See [`{setter}`](Self::{setter})."));
    let values = arguments.into_iter().map(|(_, value)| value).collect();
    Ok(Getter {
        lines,
        examples: Vec::new(),
        others,
        visibility: &declaration.visibility,
        getter,
        values,
        call: &call,
        errors: None,
    }
    .write())
}

/// Returns the sentences on collectivity, default and option.
fn facts(arguments: &Arguments) -> String {
    let usual = if arguments.not_collective { "Not collective" } else { "Logically collective" };
    let collective = arguments.collective.as_deref();
    let mut facts = format!(" {}.", collective.unwrap_or(usual));
    if let Some(default) = &arguments.default {
        facts += &format!(" Default: {default}.");
    }
    let options: Vec<_> = arguments.options.iter().map(|o| format!("`{o}`")).collect();
    match options.len() {
        0 => {}
        1 => facts += &format!(" Option: {}.", options[0]),
        _ => facts += &format!(" Options: {}.", options.join(", ")),
    }
    if arguments.running {
        facts += " May be called in callbacks of the running solver.";
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_a_setter_and_a_getter() {
        let arguments =
            quote!(KSPGMRESSetRestart, KSPGMRESGetRestart, composed, check = at_least_one);
        let item = quote!(
            /// Number of iterations between restarts.
            #[option("-ksp_gmres_restart", default = "30")]
            pub fn set_gmres_restart(gmres_restart: usize);
        );
        let found = expand(arguments, item).unwrap().to_string();
        for part in [
            "pub fn set_gmres_restart (& mut self , gmres_restart : usize)",
            "pub fn gmres_restart (& self)",
            " Sets number of iterations between restarts.",
            " Logically collective. Default: 30. Option: `-ksp_gmres_restart`.",
            "alias = \"KSPGMRESSetRestart\"",
            "alias = \"KSPGMRESGetRestart\"",
            "at_least_one (gmres_restart , \"gmres restart\") ?",
            "check_composed (self , \"KSPGMRESSetRestart\" , \"set_gmres_restart\")",
            "check_composed (self , \"KSPGMRESGetRestart\" , \"gmres_restart\")",
        ] {
            assert!(found.contains(part), "{part}: {found}");
        }
    }

    #[test]
    fn a_setting_of_two_numbers_has_a_getter_of_both() {
        let arguments = quote!(TSAdaptSetClip, TSAdaptGetClip, get = clip, check_all = increasing);
        let item = quote!(
            pub fn set_clip(shrink: Real, grow: Real);
        );
        let found = expand(arguments, item).unwrap().to_string();
        for part in [
            "TSAdaptSetClip (* self . busy () ? , shrink , grow)",
            "pub fn clip (& self) -> :: petsc_rs :: Result < (Real , Real) >",
            "TSAdaptGetClip (self . as_ptr () , & raw mut raw_0 , & raw mut raw_1)",
        ] {
            assert!(found.contains(part), "{part}: {found}");
        }
    }

    #[test]
    fn declarations_that_say_too_little_are_refused() {
        let refused = |arguments: TokenStream, item: TokenStream| {
            expand(arguments, item).err().map(|e| e.to_string())
        };
        let found = refused(
            quote!(),
            quote!(
                pub fn set_x(x: bool);
            ),
        );
        assert!(found.is_some_and(|text| text.contains("C function")));
        let found = refused(
            quote!(XSet, XGet),
            quote!(
                pub fn set_x();
            ),
        );
        assert!(found.is_some_and(|text| text.contains("an argument")));
        let found = refused(
            quote!(XSet, nonsense = 3),
            quote!(
                pub fn set_x(x: bool);
            ),
        );
        assert!(found.is_some_and(|text| text.contains("no such argument")));
    }
}
