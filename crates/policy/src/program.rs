//! Program (批量程序): the policies of a plan as one list of steps over blocks of 512 rows.
//!
//! Each condition and number is computed once per block however many policies share it. A condition is a pair of bit
//! columns, known-true and known-false; a negation costs nothing, it reads the pair the other way round. Registers are
//! given back after their last use, so that the working set stays in the first cache.

use std::collections::HashMap;

use crate::card::Rounding;
use crate::core::{Cond, CondId, Core, Num, NumId, Order};
use crate::dictionary::FactId;
use crate::ledger::{Column, Layout};
use crate::library::Plan;
use crate::lower::Lowered;

/// A condition register, read straight or the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signed {
    pub reg: u32,
    pub not: bool,
}

/// A number: a register or one value for the whole place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Val {
    Lane(u32),
    Fixed(u32),
}

/// How two numbers make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arith {
    Add,
    Sub,
    Mul,
    Min,
    Max,
}

/// One step; `out` is the register it writes.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Flag {
        column: Column,
        out: u32,
    },
    Runs {
        column: Column,
        strip: u32,
        out: u32,
    },
    Fixed {
        fixed: u32,
        out: u32,
    },
    Compare {
        order: Order,
        a: Val,
        b: Val,
        out: u32,
    },
    All {
        parts: Vec<Signed>,
        out: u32,
    },
    Any {
        parts: Vec<Signed>,
        out: u32,
    },
    Load {
        column: Column,
        out: u32,
    },
    Arith {
        op: Arith,
        a: Val,
        b: Val,
        out: u32,
    },
    Round {
        a: u32,
        by: i64,
        rounding: Rounding,
        out: u32,
    },
    Table {
        rows: Vec<(Signed, Val)>,
        other: Option<Val>,
        out: u32,
    },
    /// `policy` is its number in the plan; an amount goes to a place among those of the program.
    Emit {
        policy: usize,
        when: Signed,
        amount: Option<(Val, usize)>,
    },
}

/// A list of steps and what they look up per place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    pub steps: Vec<Step>,
    /// Policies with an amount, in the order of their places; numbers in the plan.
    pub paid: Vec<usize>,
    /// Comparisons with one fact, by number of the strip.
    pub strips: Vec<(CondId, Column)>,
    /// Conditions that are the same for everybody, by number.
    pub fixed: Vec<CondId>,
    /// Numbers without facts, by number.
    pub scalars: Vec<NumId>,
    pub bit_registers: usize,
    pub num_registers: usize,
}

struct Builder<'a> {
    core: &'a Core,
    layout: &'a Layout,
    program: Program,
    conds: HashMap<CondId, ()>,
    nums: HashMap<NumId, ()>,
    scalars: HashMap<NumId, u32>,
}

impl Program {
    /// The program of some policies of a plan; the layout holds all their facts.
    pub fn new(plan: &Plan, layout: &Layout, policies: &[usize]) -> Program {
        let mut builder = Builder {
            core: &plan.core,
            layout,
            program: Program::default(),
            conds: HashMap::new(),
            nums: HashMap::new(),
            scalars: HashMap::new(),
        };
        for number in policies {
            if let Some(policy) = plan.policies.get(*number) {
                builder.policy(*number, policy);
            }
        }
        let mut program = builder.program;
        program.allot();
        program
    }

    /// Gives each value a register and takes it back after the last step that reads it.
    fn allot(&mut self) {
        let mut last: [HashMap<u32, usize>; 2] = [HashMap::new(), HashMap::new()];
        for (at, step) in self.steps.iter_mut().enumerate() {
            step.reads(&mut |file, reg| {
                if let Some(map) = last.get_mut(file) {
                    map.insert(*reg, at);
                }
            });
        }
        let [bits, nums] = last;
        let mut files = [File { last: bits, ..File::default() }, File { last: nums, ..File::default() }];
        for (at, step) in self.steps.iter_mut().enumerate() {
            let mut ended = Vec::new();
            step.reads(&mut |file, reg| {
                if let Some(f) = files.get(file) {
                    let was = *reg;
                    *reg = f.given.get(&was).copied().unwrap_or(0);
                    if f.last.get(&was) == Some(&at) && !ended.contains(&(file, *reg)) {
                        ended.push((file, *reg));
                    }
                }
            });
            if let Some((file, out)) = step.writes()
                && let Some(f) = files.get_mut(file)
            {
                *out = f.give(*out);
            }
            for (file, reg) in ended {
                if let Some(f) = files.get_mut(file) {
                    f.free.push(reg);
                }
            }
        }
        let [bits, nums] = files;
        (self.bit_registers, self.num_registers) = (bits.count as usize, nums.count as usize);
    }
}

#[derive(Default)]
struct File {
    last: HashMap<u32, usize>,
    given: HashMap<u32, u32>,
    free: Vec<u32>,
    count: u32,
}

impl File {
    fn give(&mut self, value: u32) -> u32 {
        let reg = self.free.pop().unwrap_or(self.count);
        self.count = self.count.max(reg + 1);
        self.given.insert(value, reg);
        reg
    }
}

/// Register file of conditions.
const BITS: usize = 0;
/// Register file of numbers.
const NUMS: usize = 1;

impl Step {
    fn writes(&mut self) -> Option<(usize, &mut u32)> {
        match self {
            Step::Flag { out, .. } | Step::Runs { out, .. } | Step::Fixed { out, .. } | Step::Compare { out, .. } => {
                Some((BITS, out))
            }
            Step::All { out, .. } | Step::Any { out, .. } => Some((BITS, out)),
            Step::Load { out, .. } | Step::Arith { out, .. } | Step::Round { out, .. } | Step::Table { out, .. } => {
                Some((NUMS, out))
            }
            Step::Emit { .. } => None,
        }
    }

    fn reads(&mut self, read: &mut dyn FnMut(usize, &mut u32)) {
        let val = |val: &mut Val, read: &mut dyn FnMut(usize, &mut u32)| {
            if let Val::Lane(reg) = val {
                read(NUMS, reg);
            }
        };
        match self {
            Step::Flag { .. } | Step::Runs { .. } | Step::Fixed { .. } | Step::Load { .. } => {}
            Step::Compare { a, b, .. } | Step::Arith { a, b, .. } => {
                val(a, read);
                val(b, read);
            }
            Step::All { parts, .. } | Step::Any { parts, .. } => parts.iter_mut().for_each(|p| read(BITS, &mut p.reg)),
            Step::Round { a, .. } => read(NUMS, a),
            Step::Table { rows, other, .. } => {
                for (when, value) in rows {
                    read(BITS, &mut when.reg);
                    val(value, read);
                }
                other.iter_mut().for_each(|v| val(v, read));
            }
            Step::Emit { when, amount, .. } => {
                read(BITS, &mut when.reg);
                amount.iter_mut().for_each(|(v, _)| val(v, read));
            }
        }
    }
}

impl Builder<'_> {
    fn policy(&mut self, at: usize, policy: &Lowered) {
        let when = self.cond(policy.when);
        let amount = policy.amount.map(|n| {
            self.program.paid.push(at);
            (self.num(n), self.program.paid.len() - 1)
        });
        self.program.steps.push(Step::Emit { policy: at, when, amount });
    }

    fn column(&self, fact: FactId) -> Column {
        let missing = Column { width: crate::ledger::Width::Flag, at: 0, min: 0, max: 0 };
        self.layout.column(fact).unwrap_or(missing)
    }

    fn cond(&mut self, id: CondId) -> Signed {
        let core = self.core;
        if let Cond::Not(inner) = core.cond(id) {
            let inner = self.cond(*inner);
            return Signed { not: !inner.not, ..inner };
        }
        if self.conds.contains_key(&id) {
            return Signed { reg: id, not: false };
        }
        let step = match core.cond(id) {
            Cond::Flag(fact) => Step::Flag { column: self.column(*fact), out: id },
            Cond::Linear { fact, .. } | Cond::Within(fact, _) => {
                let column = self.column(*fact);
                self.program.strips.push((id, column));
                Step::Runs { column, strip: number(self.program.strips.len() - 1), out: id }
            }
            Cond::Const(_) | Cond::Fixed(..) => {
                self.program.fixed.push(id);
                Step::Fixed { fixed: number(self.program.fixed.len() - 1), out: id }
            }
            Cond::Compare(order, a, b) => Step::Compare { order: *order, a: self.num(*a), b: self.num(*b), out: id },
            Cond::All(parts) => Step::All { parts: parts.iter().map(|p| self.cond(*p)).collect(), out: id },
            Cond::Any(parts) => Step::Any { parts: parts.iter().map(|p| self.cond(*p)).collect(), out: id },
            Cond::Not(_) => return Signed { reg: id, not: true },
        };
        self.program.steps.push(step);
        self.conds.insert(id, ());
        Signed { reg: id, not: false }
    }

    fn num(&mut self, id: NumId) -> Val {
        let core = self.core;
        if core.is_scalar(id) {
            let next = number(self.program.scalars.len());
            let at = *self.scalars.entry(id).or_insert(next);
            if at == next {
                self.program.scalars.push(id);
            }
            return Val::Fixed(at);
        }
        if self.nums.contains_key(&id) {
            return Val::Lane(id);
        }
        let arith = |builder: &mut Self, op, a: &NumId, b: &NumId| {
            let (a, b) = (builder.num(*a), builder.num(*b));
            Step::Arith { op, a, b, out: id }
        };
        let step = match core.num(id) {
            Num::Fact(fact) => Step::Load { column: self.column(*fact), out: id },
            Num::Add(a, b) => arith(self, Arith::Add, a, b),
            Num::Sub(a, b) => arith(self, Arith::Sub, a, b),
            Num::Mul(a, b) => arith(self, Arith::Mul, a, b),
            Num::Min(a, b) => arith(self, Arith::Min, a, b),
            Num::Max(a, b) => arith(self, Arith::Max, a, b),
            Num::Round(a, by, rounding) => match self.num(*a) {
                Val::Lane(a) => Step::Round { a, by: *by, rounding: *rounding, out: id },
                fixed @ Val::Fixed(_) => return fixed,
            },
            Num::Table(rows, other) => {
                let rows = rows.iter().map(|(c, n)| (self.cond(*c), self.num(*n))).collect();
                let other = other.map(|n| self.num(n));
                Step::Table { rows, other, out: id }
            }
            Num::Const(_) | Num::Param(_) => return Val::Fixed(0),
        };
        self.program.steps.push(step);
        self.nums.insert(id, ());
        Val::Lane(id)
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
