// One question at a terminal: keys in, lines to draw and the person's reply out. Pure; app/ask_screen.cpp draws it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/reply.hpp"
#include "base/keys.hpp"
#include "engine/interview.hpp"

namespace ipc_advisor::app {

/// A line to draw, which fits the width, and how it should look.
struct PickerLine {
  enum class Look { plain, strong, dim, chosen, wrong, right };
  std::string text;
  Look look = Look::plain;
};

class Picker {
 public:
  /// `refusal` says why an answer cannot be had, or nothing. Refers to all of them.
  Picker(const rules::NeedDef& need, const engine::Question& question, std::function<std::string(const Value&)> refusal);

  /// What the key amounts to; nothing while the person is still choosing. Never a mistake.
  std::optional<Reply> press(const Key& key);
  /// Says something below the options until the next key.
  void say(std::string message) { message_ = std::move(message); }
  /// The options, what is typed and how to go on. `focus` is the line that must be seen.
  std::vector<PickerLine> lines(std::size_t width, std::size_t& focus) const;

 private:
  bool lists() const;
  bool picks() const;
  void move(int by);
  void jump(bool last);
  void type(const std::string& text);
  void toggle(std::size_t option);
  std::optional<Reply> enter();
  std::optional<Reply> submit(Reply reply);
  void add_options(std::size_t width, std::vector<PickerLine>& out, std::size_t& focus) const;
  void add_input(std::size_t width, std::vector<PickerLine>& out) const;
  std::string hint() const;

  const rules::NeedDef& need_;
  const engine::Question& question_;
  std::function<std::string(const Value&)> refusal_;
  std::size_t at_ = 0;
  std::vector<bool> ticked_;
  std::string typed_;
  std::string message_;
};

}  // namespace ipc_advisor::app
