// The loaders of the single kinds of rule file; load_rules() calls them in the order in which they depend on each other.
#pragma once

#include "rules/table_reader.hpp"

namespace ipc_advisor::rules {

/// layer.toml: the name and version of what is layered on top. After needs.toml.
void load_layer(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);
void load_needs(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);
void load_mechanism(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);
void load_tree(const TomlValue& root, const std::string& file, LoadContext& context, Tree& tree);
void load_layers(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);
void load_lint(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);
void load_claims(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);
void load_disagreements(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);
void load_pitfalls(const TomlValue& root, const std::string& file, LoadContext& context, Rules& rules);

}  // namespace ipc_advisor::rules
