// JSON values to the template library's, which is named nowhere else.
#include "report/template.hpp"

#include <algorithm>
#include <cassert>
#include <kainjow/mustache.hpp>
#include <nlohmann/json.hpp>

namespace ipc_advisor::report {
namespace {

using kainjow::mustache::data;
using nlohmann::ordered_json;

data to_data(const ordered_json& value);

data data_list(const ordered_json& values) {
  data out{data::type::list};
  for (const ordered_json& value : values) out.push_back(to_data(value));
  return out;
}

data object_of(const ordered_json& values) {
  data out{data::type::object};
  for (const auto& [key, value] : values.items()) {
    out.set(key, to_data(value));
    // Said also where it is empty, lest an outer list of the same name answers.
    if (value.is_array()) out.set("has_" + key, data{value.empty() ? data::type::bool_false : data::type::bool_true});
  }
  return out;
}

data to_data(const ordered_json& value) {
  if (value.is_object()) return object_of(value);
  if (value.is_array()) return data_list(value);
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) return data{value.get<std::string>()};
  const bool holds = value.is_boolean() && value.get<bool>();
  return data{holds ? data::type::bool_true : data::type::bool_false};
}

}  // namespace

std::string_view embedded_file(std::string_view path) {
  const auto files = embedded_files();
  const auto found = std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.path == path; });
  assert(found != files.end() && "the template is compiled in");
  return found->text;
}

std::string fill(std::string_view path, const ordered_json& values, std::string (*escape)(std::string_view)) {
  kainjow::mustache::mustache layout{std::string(embedded_file(path))};
  assert(layout.is_valid() && "templates are tested");
  layout.set_custom_escape([escape](const std::string& text) { return escape(text); });
  return layout.render(to_data(values));
}

}  // namespace ipc_advisor::report
