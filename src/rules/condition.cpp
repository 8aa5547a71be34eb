// A recursive-descent parser for conditions.
#include "rules/condition.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "base/text.hpp"
#include "base/units.hpp"

namespace ipc_advisor::rules {

namespace {

struct Token {
  std::string_view text;  // empty: the end
  int column = 1;
  bool quoted = false;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.'; }

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const int column = static_cast<int>(at) + 1;
    std::size_t length = 1;
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    if (text[at] == '"') {
      const auto end = std::min(text.find('"', at + 1), text.size());
      tokens.push_back({text.substr(at + 1, end - at - 1), column, true});
      at = end + 1;
      continue;
    }
    // A slash starts a unit alone, as in "300 /s".
    if (is_word(text[at]) || text[at] == '/') {
      while (at + length < text.size() && is_word(text[at + length])) ++length;
    } else if (at + 1 < text.size() && text[at + 1] == '=' && std::string_view("=!<>").find(text[at]) != std::string_view::npos) {
      length = 2;
    }
    tokens.push_back({text.substr(at, length), column, false});
    at += length;
  }
  tokens.push_back({{}, static_cast<int>(text.size()) + 1, false});
  return tokens;
}

}  // namespace

class ConditionParser {
 public:
  ConditionParser(std::string_view text, const Vocabulary& vocabulary, const std::vector<std::string>& mechanisms)
      : vocabulary_(vocabulary), mechanisms_(mechanisms), tokens_(tokens_of(text)) {
    condition_.text_ = std::string(text);
  }

  tl::expected<Condition, ConditionError> run() {
    auto root = either();
    if (!root) return tl::unexpected(root.error());
    if (!peek().text.empty()) return wrong(fmt::format("\"{}\" is not expected here", peek().text));
    condition_.root_ = *root;
    condition_.required_ = condition_.required_for(true, *root);
    return std::move(condition_);
  }

 private:
  using Op = Condition::Op;
  using Subject = Condition::Subject;
  using Index = tl::expected<std::size_t, ConditionError>;

  const Token& peek() const { return tokens_[next_]; }
  Token take() { return tokens_[peek().text.empty() && !peek().quoted ? next_ : next_++]; }
  bool accept(std::string_view word) {
    if (peek().quoted || peek().text != word) return false;
    ++next_;
    return true;
  }
  tl::unexpected<ConditionError> wrong(std::string message) const { return wrong_at(std::move(message), peek().column); }
  static tl::unexpected<ConditionError> wrong_at(std::string message, int column) {
    return tl::unexpected(ConditionError{std::move(message), column});
  }
  std::size_t add(Condition::Node node) {
    condition_.nodes_.push_back(std::move(node));
    return condition_.nodes_.size() - 1;
  }

  Index either() { return chain("or", Op::either, &ConditionParser::both); }
  Index both() { return chain("and", Op::both, &ConditionParser::unary); }

  Index chain(std::string_view word, Op op, Index (ConditionParser::*part)()) {
    auto left = (this->*part)();
    while (left && accept(word)) {
      auto right = (this->*part)();
      if (!right) return right;
      Condition::Node node;
      node.op = op;
      node.left = *left;
      node.right = *right;
      left = add(node);
    }
    return left;
  }

  Index unary() {
    if (++depth_ > 64) return wrong("nested too deeply");
    Index result = unary_inside();
    --depth_;
    return result;
  }

  Index unary_inside() {
    if (accept("not")) {
      auto inside = unary();
      if (!inside) return inside;
      Condition::Node node;
      node.op = Op::negate;
      node.left = *inside;
      return add(node);
    }
    if (accept("(")) {
      auto inside = either();
      if (inside && !accept(")")) return wrong("\")\" is missing");
      return inside;
    }
    if (accept("always")) return add({});
    if (accept("given")) {
      Condition::Node node;
      node.op = Op::given;
      if (auto named = subject(node); !named) return tl::unexpected(named.error());
      return add(node);
    }
    static constexpr std::pair<std::string_view, Op> text_tests[] = {{"starts", Op::starts}, {"ends", Op::ends}, {"longer", Op::longer}};
    for (const auto& [word, op] : text_tests)
      if (accept(word)) return text_test(op);
    return comparison();
  }

  // `starts path "@"`, `ends mode "7"` and `longer path 107`.
  Index text_test(Op op) {
    Condition::Node node;
    node.op = op;
    const int column = peek().column;
    if (auto named = subject(node); !named) return tl::unexpected(named.error());
    if (node.subject != Subject::need || vocabulary_[node.need].type != NeedType::text) return wrong_at("only free text can be tested so", column);
    const Token token = take();
    if (op != Op::longer) {
      node.literal = std::string(token.text);
    } else {
      const auto length = parse_quantity(token.text, Quantity::count);
      if (!length) return wrong_at(length.error().message, token.column);
      node.literal = *length;
    }
    return add(std::move(node));
  }

  // The need or special word that a comparison is about.
  tl::expected<void, ConditionError> subject(Condition::Node& node) {
    const Token token = take();
    if (token.text == "mechanism") {
      node.subject = Subject::mechanism;
    } else if (token.text == "guide") {
      node.subject = Subject::guide;
    } else if (const auto need = vocabulary_.find(token.text)) {
      node.need = *need;
    } else {
      const auto near = nearest_word(token.text, vocabulary_.ids());
      return wrong_at(fmt::format("\"{}\" is not a need{}", token.text, near ? fmt::format("; did you mean \"{}\"?", *near) : ""), token.column);
    }
    return {};
  }

  Index comparison() {
    const Token first = peek();
    Condition::Node node;
    // "windows in platforms": the element stands first.
    if (next_ + 2 < tokens_.size() && tokens_[next_ + 1].text == "in" && tokens_[next_ + 2].text != "[") {
      next_ += 2;
      if (auto named = subject(node); !named) return tl::unexpected(named.error());
      if (vocabulary_[node.need].type != NeedType::list) return wrong_at("only a list need can contain something", first.column);
      if (!vocabulary_[node.need].has_choice(first.text))
        return wrong_at(fmt::format("\"{}\" is not a value of {}", first.text, vocabulary_[node.need].id), first.column);
      node.op = Op::contains;
      node.literal = std::string(first.text);
      return add(std::move(node));
    }
    if (auto named = subject(node); !named) return tl::unexpected(named.error());
    if (accept("in")) return membership(std::move(node));
    static constexpr std::pair<std::string_view, Op> operators[] = {{"==", Op::equal}, {"!=", Op::unequal}, {"<=", Op::at_most},
                                                                    {"<", Op::less},   {">=", Op::at_least}, {">", Op::more}};
    for (const auto& [text, op] : operators) {
      if (!accept(text)) continue;
      node.op = op;
      if (auto value = literal(node); !value) return tl::unexpected(value.error());
      return add(std::move(node));
    }
    if (node.subject != Subject::need || vocabulary_[node.need].type != NeedType::boolean)
      return wrong_at(fmt::format("\"{}\" needs a comparison, since it is not true or false", first.text), first.column);
    node.op = Op::equal;
    node.literal = true;
    return add(std::move(node));
  }

  Index membership(Condition::Node node) {
    if (!accept("[")) return wrong("expected \"[\"");
    std::vector<std::string> words;
    do {
      const int column = peek().column;
      const Token token = take();
      if (auto valid = check_word(node, token.text, column); !valid) return tl::unexpected(valid.error());
      words.emplace_back(token.text);
    } while (accept(","));
    if (!accept("]")) return wrong("\"]\" is missing");
    node.op = Op::in;
    node.literal = std::move(words);
    return add(std::move(node));
  }

  tl::expected<void, ConditionError> check_word(const Condition::Node& node, std::string_view word, int column) {
    const bool names_mechanism = node.subject != Subject::need || vocabulary_[node.need].id == "uses";
    const std::vector<std::string> valid = names_mechanism ? mechanisms_ : vocabulary_[node.need].choice_ids();
    if (!names_mechanism && vocabulary_[node.need].type == NeedType::text) return {};
    if (std::find(valid.begin(), valid.end(), word) != valid.end()) return {};
    const auto near = nearest_word(word, valid);
    return wrong_at(fmt::format("\"{}\" is not a value here{}", word, near ? fmt::format("; did you mean \"{}\"?", *near) : ""), column);
  }

  tl::expected<void, ConditionError> literal(Condition::Node& node) {
    const int column = peek().column;
    const bool ordered = node.op != Op::equal && node.op != Op::unequal;
    const NeedType type = node.subject == Subject::need ? vocabulary_[node.need].type : NeedType::choice;
    if (ordered && !is_number(type)) return wrong_at("only numbers can be compared with < or >", column);
    if (is_number(type)) return number(node, type, column);
    const Token token = take();
    if (type == NeedType::boolean) {
      if (token.text != "true" && token.text != "false") return wrong_at("expected true or false", column);
      node.literal = token.text == "true";
      return {};
    }
    if (type == NeedType::list) return wrong_at("a list need is compared with in", column);
    if (auto valid = check_word(node, token.text, column); !valid) return valid;
    node.literal = std::string(token.text);
    return {};
  }

  tl::expected<void, ConditionError> number(Condition::Node& node, NeedType type, int column) {
    std::string text(take().text);
    // "5 GB/s" is three tokens: number, "GB" and "/s".
    while (!peek().text.empty() && !peek().quoted && (is_unit(peek().text) || peek().text.front() == '/')) text += (text.find(' ') == std::string::npos ? " " : "") + std::string(take().text);
    const auto value = parse_quantity(text, quantity_of(type));
    if (!value) return wrong_at(value.error().message, column);
    node.literal = *value;
    return {};
  }

  const Vocabulary& vocabulary_;
  const std::vector<std::string>& mechanisms_;
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  int depth_ = 0;
  Condition condition_;
};

tl::expected<Condition, ConditionError> Condition::parse(std::string_view text, const Vocabulary& vocabulary,
                                                         const std::vector<std::string>& mechanisms) {
  return ConditionParser(text, vocabulary, mechanisms).run();
}

}  // namespace ipc_advisor::rules
